<?php
// Calls the three operations with the PHP client that openapi-generator generates, and checks typed
// results and errors.
require 'autoload.php';

use Workspace\Api\DesktopsApi;
use Workspace\ApiException;
use Workspace\Configuration;
use Workspace\Model\BatchDetachInstancesReq;
use Workspace\Model\DetachInstancesDesktopInfo;
use Workspace\Model\DetachInstancesUserInfo;
use Workspace\Model\LogoffDesktopsReq;

define('PROJECT', getenv('SANDBOX_PROJECT_ID'));
[$single, $multi, $pool, $busy] = array_map(fn ($number) => "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000$number", [1, 2, 3, 4]);

function connect(string $url, string $token): DesktopsApi
{
    $settings = (new Configuration())->setHost($url)->setApiKey('X-Auth-Token', $token);
    return new DesktopsApi(config: $settings);
}

function check(bool $condition, mixed $value): void
{
    if (!$condition) {
        throw new Exception('unexpected: ' . print_r($value, true));
    }
}

/** Returns the body of the error with this status that the call throws. */
function error_of(int $status, callable $call): object
{
    try {
        $result = $call();
    } catch (ApiException $error) {
        check($error->getCode() === $status, $error->getMessage());
        return json_decode($error->getResponseBody());
    }
    throw new Exception("expected status $status, got " . print_r($result, true));
}

$api = connect(getenv('SANDBOX_URL'), getenv('SANDBOX_TOKEN'));

function names(DesktopsApi $api, string $desktop, string $project = PROJECT): array
{
    $records = $api->listDesktopDetachInfo($project, $desktop)->getDesktopDetachInfos() ?? [];
    $names = array_map(fn ($record) => $record->getUserName(), $records);
    sort($names);
    return $names;
}

function log_off(DesktopsApi $api, string $desktop): mixed
{
    $request = new LogoffDesktopsReq(['desktop_ids' => [$desktop], 'message' => '请保存您的工作。']);
    return $api->batchLogoffDesktops(PROJECT, $request);
}

check(names($api, $single) === ['omar'], names($api, $single));

// A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
// status 200. An id in a body is any text.
$user = fn (array $data) => new DetachInstancesUserInfo($data);
$desktop = fn (array $data) => new DetachInstancesDesktopInfo($data);
$result = $api->batchDetachInstances(PROJECT, new BatchDetachInstancesReq(['desktops' => [
    $desktop(['desktop_id' => $single, 'detach_user_infos' => [$user(['user_name' => 'li-na'])]]),
    $desktop(['desktop_id' => $multi, 'detach_user_infos' => [$user(['user_name' => 'designers', 'type' => 'GROUP'])]]),
    $desktop(['desktop_id' => $pool, 'is_detach_all_users' => true]),
    $desktop(['desktop_id' => $busy, 'is_detach_all_users' => true]),
    $desktop(['desktop_id' => '测试', 'is_detach_all_users' => true]),
]]));
$failed = $result->getFailedOperationList();
check(array_map(fn ($failure) => $failure->getDesktopId(), $failed) === [$busy, '测试'], $failed);
check($failed[0]->getErrorCode() === 'WKS.00010032', $failed);
check($result->getJobId() !== '', $result);
check(names($api, $single) === ['li-na', 'omar'], names($api, $single));
check(names($api, $pool) === ['tomas', '测试组'], names($api, $pool));

check(log_off($api, $multi) === null, 'a log-off has no body');
check(error_of(409, fn () => log_off($api, $busy))->error_code === 'WKS.00010032', 'a conflict');
check(isset(error_of(404, fn () => names($api, 'unknown'))->error_msg), 'an unknown desktop');
$wrong = connect(getenv('SANDBOX_URL'), 'wrong');
check(error_of(401, fn () => names($wrong, $single))->error_code === 'APIGW.0301', 'a wrong token');

// Unusual responses that the contract allows, and statuses that it does not list.
$edge = connect(getenv('EDGE_URL'), 'any');
foreach (['nulls', 'absent'] as $project) {
    check(names($edge, 'd', $project) === [], $project);
}
check($edge->listDesktopDetachInfo('future', 'd')->getDesktopDetachInfos()[0]->getType() === 'ROBOT', 'a new type');
check(error_of(429, fn () => names($edge, 'd', 'throttled'))->error_code === 'APIGW.0308', 'throttled');
