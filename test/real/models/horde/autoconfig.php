<?php
// Horde's own library for autoconfiguration, as Debian ships it. Every line of the input is a JSON object with `address` and `password`;
// every line of the output is a JSON object with the servers that the library decides for, and the names of the drivers that found any.

ini_set('display_errors', 'stderr');
error_reporting(E_ALL & ~E_DEPRECATED);

// Why: on a busy machine, answers may take longer than the two to five seconds that Horde waits.
const TIMEOUT_SECONDS = 60;

spl_autoload_register(function ($class) {
    $file = '/usr/share/php/' . str_replace(['_', '\\'], '/', $class) . '.php';
    if (!is_file($file)) {
        return;
    }
    if (str_starts_with($class, 'Horde_Mail_Autoconfig_Server_')) {
        $code = str_replace("'timeout' => 2,", "'timeout' => TIMEOUT_SECONDS,", file_get_contents($file), $count);
        if ($count !== 1) {
            throw new Exception("$file: no timeout of two seconds");
        }
        eval('?>' . $code);
    } else {
        require_once $file;
    }
});

foreach (Horde_Mail_Autoconfig::getDrivers() as $driver) {
    if (property_exists($driver, 'dns')) {
        $driver->dns = new Net_DNS2_Resolver(['timeout' => TIMEOUT_SECONDS]);
    }
    if (property_exists($driver, 'http')) {
        $driver->http = new Horde_Http_Client(['request.timeout' => TIMEOUT_SECONDS]);
    }
}

/** Passes every search on to one of Horde's drivers and notes whether it found anything. */
class NotingDriver extends Horde_Mail_Autoconfig_Driver
{
    public static $found = [];

    public function __construct(private $driver) {}

    public function mailSearch($domains, array $opts = [])
    {
        return $this->note($this->driver->mailSearch($domains, $opts));
    }

    public function msaSearch($domains, array $opts = [])
    {
        return $this->note($this->driver->msaSearch($domains, $opts));
    }

    private function note($servers)
    {
        if ($servers) {
            self::$found[] = substr(get_class($this->driver), strlen('Horde_Mail_Autoconfig_Driver_'));
        }
        return $servers;
    }
}

function describe($server)
{
    $type = strtolower(substr(get_class($server), strlen('Horde_Mail_Autoconfig_Server_')));
    return ['type' => $type] + get_object_vars($server);
}

while (($line = fgets(STDIN)) !== false) {
    ['address' => $address, 'password' => $password] = json_decode($line, true);
    NotingDriver::$found = [];
    $drivers = array_map(fn($driver) => new NotingDriver($driver), Horde_Mail_Autoconfig::getDrivers());
    $autoconfig = new Horde_Mail_Autoconfig(['drivers' => $drivers]);
    $answer = [
        'incoming' => $autoconfig->getMailConfig($address, ['auth' => $password]),
        'outgoing' => $autoconfig->getMsaConfig($address, ['auth' => $password]),
    ];
    $servers = array_map(fn($server) => $server ? describe($server) : null, $answer);
    echo json_encode($servers + ['drivers' => NotingDriver::$found]), "\n";
}
