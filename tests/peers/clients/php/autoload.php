<?php
// What Composer's vendor/autoload.php does: finds the generated classes and those of Guzzle.
require '/usr/share/php/GuzzleHttp/autoload.php';

spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/php-client/lib/' . strtr(substr($class, strlen('Workspace\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Workspace\\') && is_file($file)) {
        require $file;
    }
});
