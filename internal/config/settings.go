package config

// The table of settings: one line says all about one of them.

import "strings"

// setting is one start-up setting. Set checks a text and puts it into the Config, or says what would be allowed.
type setting struct {
	name     string
	standard string // the default
	secret   bool
	help     string
	set      func(c *Config, text string) (allowed string)
}

var settings = []setting{
	{"dir", "./pb_data", false, "data folder", folder(func(c *Config) *string { return &c.Dir }, required)},
	{"keys", "", false, "folder of the keys, outside the data folder (default: keys beside it)", folder(func(c *Config) *string { return &c.Keys }, optional)},
	{"root-key", "", false, "file of the root key (default: root.key in the folder of the keys)", folder(func(c *Config) *string { return &c.RootKey }, optional)},
	{"plugins", "", false, "folder of certification types, outside the data folder (default: pb_plugins beside it)", folder(func(c *Config) *string { return &c.Plugins }, optional)},
	{"policies", "", false, "folder with policies of your own", folder(func(c *Config) *string { return &c.Policies }, optional)},
	{"calendar", "", false, "file with the public holidays of your own calendar (date,kind,name), instead of the built-in ones", folder(func(c *Config) *string { return &c.Calendar }, optional)},
	{"http", "127.0.0.1:8090", false, "address to listen on", setAddress},
	{"url", "", false, "public URL, instead of the one in the desk's settings", setURL},
	{"domain", "", false, "domain name: listen on 80 and 443 with automatic certificates", setDomain},
	{"acme", "", false, "directory of the authority that issues the automatic certificates, https://…, if it is not Let's Encrypt", setACME},
	{"tls-cert", "", false, "certificate file of your own (PEM), with tls-key", folder(func(c *Config) *string { return &c.TLSCert }, optional)},
	{"tls-key", "", false, "its key file (PEM)", folder(func(c *Config) *string { return &c.TLSKey }, optional)},
	{"proxy", "", false, "addresses of the proxy in front, whose X-Forwarded-For is believed", setProxy},
	{"superuser-ips", "127.0.0.0/8, ::1", false, "addresses from which superusers may sign in", setSuperuserIPs},
	{"plugin-sandbox", "", false, "off: run certification types that are not bundled even where they cannot be locked up", choice(func(c *Config) *string { return &c.PluginSandbox }, "", "off")},
	{"sms", "log", false, "log, or the URL of an SMS webhook", setSMS},
	{"sms-header", "", true, "header for the SMS webhook, \"Name: value\"", setSMSHeader},
	{"sms-secret", "", true, "secret with which calls of the SMS webhook are signed", setSMSSecret},
	{"smtp", "", true, "mail server, smtp://user:password@host:587?from=desk@example.org, instead of the one in the desk's settings", setSMTP},
	{"disk-floor", "512MB", false, "room on the disk below which uploads and new applications are refused, so that all else goes on", setDiskFloor},
	{"backup", "", false, "where copies of data and documents go each night: a folder, or s3://bucket/prefix?endpoint=https://…", setPlace(func(c *Config) *string { return &c.Backup.Data })},
	{"backup-keys", "", false, "where copies of the keys go, apart from those of the data", setPlace(func(c *Config) *string { return &c.Backup.Keys })},
	{"backup-secret", "", true, "ACCESS_KEY:SECRET_KEY of the S3 service for backup", secretText(func(c *Config) *string { return &c.Backup.DataSecret })},
	{"backup-keys-secret", "", true, "ACCESS_KEY:SECRET_KEY of the S3 service for backup-keys", secretText(func(c *Config) *string { return &c.Backup.KeysSecret })},
	{"backup-at", "03:00", false, "when, by the desk's own time", setClock},
	{"backup-keep", "14", false, "how many copies of the data stay; copies of keys live 30 days", setKeep},
	{"metrics", "", false, "address for Prometheus, like 127.0.0.1:9090; nothing is served there as long as it is empty", setMetrics},
	{"demo", "false", false, "a demonstration desk with made-up people", yesNo(func(c *Config) *bool { return &c.Demo })},
	{"maintenance", "false", false, "superusers only, on this machine only; portal and desk are closed", yesNo(func(c *Config) *bool { return &c.Maintenance })},
	{"log-level", "info", false, "debug, info, warn or error", setLogLevel},
}

// env is the setting's name in the environment.
func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

func named(name string) (setting, bool) {
	for _, s := range settings {
		if s.name == name {
			return s, true
		}
	}
	return setting{}, false
}
