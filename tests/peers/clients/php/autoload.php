<?php
// Stands in for Composer's vendor/autoload.php: finds the generated classes and those of Guzzle.
set_include_path(get_include_path() . PATH_SEPARATOR . '/usr/share/php');
require 'GuzzleHttp/autoload.php';

spl_autoload_register(function (string $class): void {
    $file = dirname(__DIR__) . '/lib/' . strtr(substr($class, strlen('Workspace\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Workspace\\') && is_file($file)) {
        require $file;
    }
});
