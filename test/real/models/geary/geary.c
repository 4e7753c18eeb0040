/*
 * Geary's code for new accounts without its windows. Reads one mail address a line from standard input and answers each with one line
 * of JSON: the servers that the form is filled with, or null.
 */
#include <gio/gio.h>
#include <stdio.h>

/* Why here: Geary installs no headers. */
typedef struct AutoConfig AutoConfig;
typedef struct AutoConfigValues AutoConfigValues;
AutoConfig *accounts_auto_config_new (GCancellable *cancellable);
void accounts_auto_config_get_config (AutoConfig *config, const char *hostname, GAsyncReadyCallback callback, void *data);
AutoConfigValues *accounts_auto_config_get_config_finish (AutoConfig *config, GAsyncResult *result, GError **error);
const char *accounts_auto_config_values_get_imap_server (AutoConfigValues *values);
const char *accounts_auto_config_values_get_imap_port (AutoConfigValues *values);
int accounts_auto_config_values_get_imap_tls_method (AutoConfigValues *values);
const char *accounts_auto_config_values_get_smtp_server (AutoConfigValues *values);
const char *accounts_auto_config_values_get_smtp_port (AutoConfigValues *values);
int accounts_auto_config_values_get_smtp_tls_method (AutoConfigValues *values);

typedef struct {
	AutoConfig *config;
	AutoConfigValues *values;
	GMainLoop *loop;
} Search;

static void
found (GObject *source, GAsyncResult *result, void *data)
{
	Search *search = data;

	search->values = accounts_auto_config_get_config_finish (search->config, result, NULL);
	g_main_loop_quit (search->loop);
}

/* Names of hosts and ports need no escapes in JSON. */
static void
print_server (const char *name, const char *host, const char *port, int method)
{
	const char *securities[] = { "none", "starttls", "tls" };

	printf ("\"%s\":{\"host\":\"%s\",\"port\":\"%s\",\"security\":\"%s\"}", name, host, port, securities[method]);
}

int
main (void)
{
	char line[4096];

	while (fgets (line, sizeof line, stdin)) {
		/* As in EditorAddPane.on_email_changed: email.split ("@")[1] */
		char **parts = g_strsplit (g_strchomp (line), "@", 0);
		GCancellable *cancellable = g_cancellable_new ();
		Search search = { accounts_auto_config_new (cancellable), NULL, g_main_loop_new (NULL, FALSE) };

		accounts_auto_config_get_config (search.config, parts[1], found, &search);
		g_main_loop_run (search.loop);
		if (search.values) {
			putchar ('{');
			print_server ("incoming", accounts_auto_config_values_get_imap_server (search.values),
				accounts_auto_config_values_get_imap_port (search.values),
				accounts_auto_config_values_get_imap_tls_method (search.values));
			putchar (',');
			print_server ("outgoing", accounts_auto_config_values_get_smtp_server (search.values),
				accounts_auto_config_values_get_smtp_port (search.values),
				accounts_auto_config_values_get_smtp_tls_method (search.values));
			puts ("}");
		} else
			puts ("null");
		fflush (stdout);
		g_object_unref (cancellable);
		g_main_loop_unref (search.loop);
		g_strfreev (parts);
	}
	return 0;
}
