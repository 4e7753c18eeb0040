/*
 * The libraries of Evolution without its windows. Reads one command a line from standard input and answers each with one line of JSON:
 *
 *   account ADDRESS            what the account assistant proposes: EConfigLookup with the workers that Evolution ships
 *   urls ADDRESS PASSWORD      what the assistant for accounts with calendars and address books proposes
 *   caldav URL USER PASSWORD   the calendars that libedataserver finds
 *   carddav URL USER PASSWORD  the address books that libedataserver finds
 *
 * Usage: evolution MODULE, where MODULE is module-config-lookup.so. Needs a D-Bus session.
 */
#include <locale.h>
#include <stdio.h>
#include <camel/camel.h>
#include <e-util/e-util.h>
#include <libedataserver/libedataserver.h>

static void
print_value (const char *value)
{
	if (!value) {
		printf ("null");
		return;
	}
	putchar ('"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\' || (unsigned char) *value < ' ')
			printf ("\\u%04x", (unsigned char) *value);
		else
			putchar (*value);
	}
	putchar ('"');
}

static void
print_string (const char *name, const char *value)
{
	printf ("\"%s\":", name);
	print_value (value);
}

static void
worker_finished (EConfigLookup *lookup, EConfigLookupWorker *worker, ENamedParameters *restart, GError *error, gpointer loop)
{
	g_main_loop_quit (loop);
}

/*
 * Why not e_config_lookup_run: it reports the end as soon as no worker is running, which can be before it starts the second one.
 */
static void
run_workers (EConfigLookup *lookup, const ENamedParameters *parameters)
{
	GMainLoop *loop = g_main_loop_new (NULL, FALSE);
	GSList *workers = e_config_lookup_dup_registered_workers (lookup);

	g_signal_connect (lookup, "worker-finished", G_CALLBACK (worker_finished), loop);
	for (GSList *each = workers; each; each = each->next) {
		e_config_lookup_run_worker (lookup, each->data, parameters, NULL);
		g_main_loop_run (loop);
	}
	g_slist_free_full (workers, g_object_unref);
	g_main_loop_unref (loop);
}

/* As in e_mail_config_service_page_auto_configure: the lowest priority of all backends. */
static EConfigLookupResult *
best_result (EConfigLookup *lookup, EConfigLookupResultKind kind, const char **backends)
{
	EConfigLookupResult *best = NULL;

	for (; *backends; backends++) {
		GSList *results = e_config_lookup_dup_results (lookup, kind, *backends);

		results = g_slist_sort (results, e_config_lookup_result_compare);
		if (results && (!best || e_config_lookup_result_get_priority (results->data) < e_config_lookup_result_get_priority (best)))
			best = results->data;
	}
	return best;
}

static const char *
name_of_security (CamelNetworkSecurityMethod method)
{
	if (method == CAMEL_NETWORK_SECURITY_METHOD_SSL_ON_ALTERNATE_PORT)
		return "tls";
	return method == CAMEL_NETWORK_SECURITY_METHOD_STARTTLS_ON_STANDARD_PORT ? "starttls" : "none";
}

/* Writes the result into an account, as the assistant does, and prints what the account has then. */
static void
print_server (EConfigLookup *lookup, EConfigLookupResult *result, const char *extension)
{
	ESource *source = e_source_new (NULL, NULL, NULL);
	const char *backend;
	CamelNetworkSettings *settings;

	if (!result) {
		printf ("null");
		return;
	}
	backend = e_config_lookup_result_get_protocol (result);
	e_source_backend_set_backend_name (e_source_get_extension (source, extension), backend);
	e_config_lookup_result_configure_source (result, lookup, source);
	settings = CAMEL_NETWORK_SETTINGS (e_source_camel_get_settings (
		e_source_get_extension (source, e_source_camel_get_extension_name (backend))));
	putchar ('{');
	print_string ("backend", backend);
	putchar (',');
	print_string ("host", camel_network_settings_get_host (settings));
	printf (",\"port\":%u,", camel_network_settings_get_port (settings));
	print_string ("user", camel_network_settings_get_user (settings));
	putchar (',');
	print_string ("security", name_of_security (camel_network_settings_get_security_method (settings)));
	putchar ('}');
	g_object_unref (source);
}

static void
find_account (ESourceRegistry *registry, const char *address)
{
	const char *receiving[] = { "imapx", "pop", NULL };
	const char *sending[] = { "smtp", NULL };
	EConfigLookup *lookup = e_config_lookup_new (registry);
	ENamedParameters *parameters = e_named_parameters_new ();

	e_named_parameters_set (parameters, E_CONFIG_LOOKUP_PARAM_EMAIL_ADDRESS, address);
	run_workers (lookup, parameters);
	printf ("{\"incoming\":");
	print_server (lookup, best_result (lookup, E_CONFIG_LOOKUP_RESULT_MAIL_RECEIVE, receiving), E_SOURCE_EXTENSION_MAIL_ACCOUNT);
	printf (",\"outgoing\":");
	print_server (lookup, best_result (lookup, E_CONFIG_LOOKUP_RESULT_MAIL_SEND, sending), E_SOURCE_EXTENSION_MAIL_TRANSPORT);
	printf ("}\n");
	e_named_parameters_free (parameters);
	g_object_unref (lookup);
}

/* As in e_collection_account_wizard: the first result of each protocol is chosen, and later ones overwrite earlier ones. */
static void
find_urls (ESourceRegistry *registry, const char *address, const char *password)
{
	EConfigLookup *lookup = e_config_lookup_new (registry);
	ENamedParameters *parameters = e_named_parameters_new ();
	ESource *source = e_source_new (NULL, NULL, NULL);
	ESourceCollection *collection = e_source_get_extension (source, E_SOURCE_EXTENSION_COLLECTION);
	GHashTable *protocols = g_hash_table_new (g_str_hash, g_str_equal);
	GSList *results;

	e_named_parameters_set (parameters, E_CONFIG_LOOKUP_PARAM_EMAIL_ADDRESS, address);
	e_named_parameters_set (parameters, E_CONFIG_LOOKUP_PARAM_PASSWORD, password);
	run_workers (lookup, parameters);
	results = e_config_lookup_dup_results (lookup, E_CONFIG_LOOKUP_RESULT_COLLECTION, NULL);
	results = g_slist_sort (results, e_config_lookup_result_compare);
	for (GSList *each = results; each; each = each->next) {
		if (g_hash_table_add (protocols, (char *) e_config_lookup_result_get_protocol (each->data)))
			e_config_lookup_result_configure_source (each->data, lookup, source);
	}
	putchar ('{');
	print_string ("caldav", e_source_collection_get_calendar_url (collection));
	putchar (',');
	print_string ("carddav", e_source_collection_get_contacts_url (collection));
	printf ("}\n");
	g_slist_free_full (results, g_object_unref);
	g_hash_table_unref (protocols);
	g_object_unref (source);
	e_named_parameters_free (parameters);
	g_object_unref (lookup);
}

static void
find_collections (const char *service, const char *url, const char *user, const char *password)
{
	ESource *source = e_source_new (NULL, NULL, NULL);
	ENamedParameters *credentials = e_named_parameters_new ();
	GSList *found = NULL;
	guint32 supports = g_str_equal (service, "carddav") ? E_WEBDAV_DISCOVER_SUPPORTS_CONTACTS :
		E_WEBDAV_DISCOVER_SUPPORTS_EVENTS | E_WEBDAV_DISCOVER_SUPPORTS_MEMOS | E_WEBDAV_DISCOVER_SUPPORTS_TASKS;

	e_source_get_extension (source, E_SOURCE_EXTENSION_WEBDAV_BACKEND);
	e_source_authentication_set_user (e_source_get_extension (source, E_SOURCE_EXTENSION_AUTHENTICATION), user);
	e_named_parameters_set (credentials, E_SOURCE_CREDENTIAL_USERNAME, user);
	e_named_parameters_set (credentials, E_SOURCE_CREDENTIAL_PASSWORD, password);
	e_webdav_discover_sources_sync (source, url, supports, credentials, NULL, NULL, &found, NULL, NULL, NULL);
	printf ("[");
	for (GSList *each = found; each; each = each->next) {
		EWebDAVDiscoveredSource *collection = each->data;

		if (each != found)
			putchar (',');
		print_value (collection->href);
	}
	printf ("]\n");
	e_webdav_discover_free_discovered_sources (found);
	e_named_parameters_free (credentials);
	g_object_unref (source);
}

int
main (int count, char **arguments)
{
	GError *error = NULL;
	ESourceRegistry *registry;
	char line[4096];

	if (count != 2)
		return 64;
	setlocale (LC_ALL, "");
	camel_init (g_get_tmp_dir (), FALSE);
	camel_provider_init ();
	e_source_camel_register_types ();
	if (!g_type_module_use (G_TYPE_MODULE (e_module_new (arguments[1]))))
		return 1;
	registry = e_source_registry_new_sync (NULL, &error);
	if (!registry) {
		fprintf (stderr, "registry: %s\n", error->message);
		return 1;
	}
	while (fgets (line, sizeof line, stdin)) {
		char **words = g_strsplit (g_strchomp (line), " ", 0);
		unsigned number = g_strv_length (words);

		if (number == 2 && g_str_equal (words[0], "account"))
			find_account (registry, words[1]);
		else if (number == 3 && g_str_equal (words[0], "urls"))
			find_urls (registry, words[1], words[2]);
		else if (number == 4)
			find_collections (words[0], words[1], words[2], words[3]);
		else
			return 64;
		fflush (stdout);
		g_strfreev (words);
	}
	return 0;
}
