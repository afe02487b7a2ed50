<?php
require 'autoload.php'; // with Composer: vendor/autoload.php

$settings = (new Workspace\Configuration())
    ->setHost('http://127.0.0.1:8437')
    ->setApiKey('X-Auth-Token', 'sandbox-token');
$desktops = new Workspace\Api\DesktopsApi(config: $settings);
$ids = ['4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001', '4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004'];
$unbind = fn ($id) => new Workspace\Model\DetachInstancesDesktopInfo(['desktop_id' => $id, 'is_detach_all_users' => true]);
$request = new Workspace\Model\BatchDetachInstancesReq(['desktops' => array_map($unbind, $ids)]);
// Throws Workspace\ApiException for every status that is not 2xx.
$response = $desktops->batchDetachInstances('0bec5db98280d2d02fd6c00c2de791ce', $request);
foreach ($response->getFailedOperationList() ?? [] as $failure) {
    echo "{$failure->getDesktopId()} failed: {$failure->getErrorCode()} {$failure->getErrorMsg()}\n";
}
