/**
 * The setup page in German.
 */
import type { Messages } from '../messages.ts'

export const de: Messages = {
  code: 'de',
  name: 'Deutsch',
  direction: 'ltr',

  start: {
    title: 'E-Mail einrichten',
    lead: 'Geben Sie Ihre E-Mail-Adresse ein. Sie sehen dann alle Einstellungen für Ihr Mailprogramm und wie Sie diese Schritt für Schritt eingeben.',
    label: 'Ihre E-Mail-Adresse',
    hint: 'Hier wird kein Passwort gebraucht. Die Adresse wird nicht gespeichert.',
    button: 'Meine Einstellungen anzeigen',
    notAnAddress: 'Das ist keine vollständige E-Mail-Adresse. Sie sieht etwa so aus: name@example.com.'
  },

  unknown: {
    title: 'Keine Einstellungen für diese Adresse',
    lead: 'Für Adressen, die auf {domain} enden, gibt es hier keine Einstellungen.',
    steps: [
      'Prüfen Sie die Schreibweise der Adresse, vor allem den Teil nach dem @.',
      'Wenn sie stimmt, fragen Sie den Anbieter Ihres Postfachs oder die Person, die sich um Ihre E-Mail kümmert.'
    ]
  },

  foreign: {
    title: 'Stimmt diese Adresse?',
    lead: '{domain} gehört nicht zu den Domains von {provider}. Wenn es ein Tippfehler ist, berichtigen Sie die Adresse.',
    own: 'Ist {domain} Ihre eigene Domain, und liegen ihre Postfächer bei {provider}? Dann fahren Sie fort.',
    confirm: 'Ja, weiter mit {domain}'
  },

  missing: {
    title: 'Diese Seite gibt es nicht',
    lead: 'Die Adresse im Browser ist unvollständig oder gilt nicht mehr. Geben Sie Ihre E-Mail-Adresse ein, um Ihre Einstellungen zu sehen.'
  },

  placeholder: {
    address: 'Ihre E-Mail-Adresse',
    localPart: 'der Teil vor dem @',
    domain: 'Ihre Domain'
  },

  setup: {
    title: 'E-Mail-Einstellungen für {address}',
    providerTitle: 'E-Mail-Einstellungen für {provider}',
    allSettings: 'Alle Servereinstellungen',
    enterAddress: 'Geben Sie Ihre E-Mail-Adresse ein, dann zeigt diese Seite Ihre eigenen Einstellungen.',
    another: 'Andere Adresse eingeben'
  },

  device: {
    heading: 'Ihr Gerät',
    other: 'Anderes'
  },

  login: {
    heading: 'Ihre Anmeldung',
    username: 'Benutzername',
    password: 'Passwort',
    plainPassword: 'Das Passwort Ihres Postfachs',
    notedPassword: 'Ihr Passwort, wie im Hinweis beschrieben',
    note: 'Bitte zuerst lesen',
    makePassword: 'Passwort anlegen oder ändern'
  },

  servers: {
    heading: 'Mailserver',
    incoming: 'Posteingang',
    outgoing: 'Postausgang',
    protocol: 'Protokoll',
    server: 'Server',
    port: 'Port',
    security: 'Verbindungs\u00adsicherheit',
    authentication: 'Authentifizierung',
    first: 'empfohlen',
    alternative: 'Alternative',
    imapOrPop3:
      'Nehmen Sie im Zweifel IMAP: Ihre E-Mails bleiben auf dem Server und sind auf allen Geräten gleich. POP3 holt sie auf ein einziges Gerät.',
    pathPrefix: 'IMAP-Pfad-Präfix'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Keine (unverschlüsselt)'
  },

  securityMeaning: {
    tls: 'von Anfang an verschlüsselt',
    starttls: 'nach dem Verbinden verschlüsselt',
    none: 'andere können mitlesen'
  },

  authentication: {
    password: 'Passwort',
    'encrypted-password': 'Verschlüsseltes Passwort',
    oauth2: 'Anmeldung im Browser (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Zertifikat auf Ihrem Gerät',
    none: 'Keine'
  },

  services: {
    heading: 'Kalender, Kontakte und mehr',
    service: 'Dienst',
    address: 'Adresse',
    kinds: {
      caldav: 'Kalender (CalDAV)',
      carddav: 'Kontakte (CardDAV)',
      webdav: 'Dateien (WebDAV)',
      jmap: 'E-Mail (JMAP)',
      activesync: 'E-Mail, Kalender und Kontakte (Exchange ActiveSync)',
      ews: 'E-Mail, Kalender und Kontakte (Exchange)',
      graph: 'E-Mail, Kalender und Kontakte (Microsoft Graph)',
      managesieve: 'Mailfilter (ManageSieve)'
    },
    webmail: 'E-Mail im Browser'
  },

  apple: {
    heading: 'Profil für iPhone, iPad und Mac',
    lead: 'Ein Profil trägt alle Einstellungen für Sie ein. Sie geben nur noch Ihr Passwort ein.',
    download: 'Profil laden ({size})',
    withName: 'Eigenen Namen ins Profil eintragen',
    nameLabel: 'Ihr Name, wie andere ihn in Ihren Nachrichten sehen',
    nameButton: 'Mit diesem Namen laden',
    phone: 'Auf iPhone und iPad',
    mac: 'Auf dem Mac',
    phoneSteps: [
      'Öffnen Sie diese Seite in Safari, laden Sie das Profil und tippen Sie auf [Zulassen].',
      'Öffnen Sie [Einstellungen] und tippen Sie oben auf [Profil geladen]. Wenn Sie das nicht sehen: [Allgemein] → [VPN und Geräteverwaltung].',
      'Tippen Sie oben rechts auf [Installieren] und folgen Sie den Anweisungen. Geben Sie Ihr Passwort ein, wenn Sie danach gefragt werden.'
    ],
    macSteps: [
      'Laden Sie das Profil und doppelklicken Sie auf die Datei im Ordner „Downloads“.',
      'Öffnen Sie [Systemeinstellungen] → [Allgemein] → [Geräteverwaltung]. Vor macOS 15: [Datenschutz & Sicherheit] → [Profile].',
      'Doppelklicken Sie auf das Profil, klicken Sie auf [Installieren] und geben Sie Ihr Passwort ein, wenn Sie danach gefragt werden.'
    ],
    eightMinutes:
      'Ist [Profil geladen] verschwunden? Nach acht Minuten wird das Profil verworfen. Laden Sie es einfach noch einmal.',
    signed: 'Das Profil ist signiert: Ihr Gerät zeigt es als [Überprüft] an.',
    unsigned:
      'Das Profil ist nicht signiert: Ihr Gerät zeigt es als [Nicht signiert] an. Sie können es trotzdem installieren.',
    remove:
      'Wenn Sie das Profil an derselben Stelle entfernen, verschwindet das Konto vom Gerät. Ihre E-Mails bleiben auf dem Server.',
    quicker: 'Mit dem Profil auf dieser Seite geht es schneller. Ohne Profil gehen Sie so vor:'
  },

  qr: {
    heading: 'Codes für Ihr Telefon',
    apple: 'iPhone und iPad',
    appleAlt: 'QR-Code mit der Adresse des Profils',
    appleText:
      'Richten Sie die Kamera auf den Code und tippen Sie auf den Link. Weiter geht es mit den Schritten für das Profil.',
    thunderbird: 'Thunderbird für Android',
    thunderbirdAlt: 'QR-Code mit den Einstellungen für Thunderbird für Android',
    thunderbirdText: 'Scannen Sie diesen Code in Thunderbird, nicht mit der Kamera-App.',
    thunderbirdSteps: [
      'Öffnen Sie Thunderbird. Beim ersten Start: [Los geht’s] → [Einstellungen importieren], später: [Einstellungen] → [Einstellungen importieren].',
      'Wenn Sie gefragt werden, woher importiert werden soll, wählen Sie den QR-Code.',
      'Richten Sie die Kamera auf den Code auf dieser Seite und bestätigen Sie.',
      'Tippen Sie auf [Importieren] und geben Sie Ihr Passwort ein.'
    ],
    asText: 'Als Text anzeigen',
    noPassword: 'Die Codes enthalten kein Passwort.'
  },

  programs: {
    heading: 'Welches Programm verwenden Sie?',
    others: 'Ein anderes Programm oder ohne Profil',
    byHand: 'Das Programm findet die Einstellungen nicht? Geben Sie diese Werte ein.',
    exchange: 'Geben Sie {address} ein. Outlook findet den Exchange-Server und fordert Sie auf, sich anzumelden.',
    generic: [
      'Öffnen Sie {program} und fügen Sie ein Konto hinzu. Beim ersten Start werden Sie danach gefragt, später finden Sie das in den Einstellungen.',
      'Geben Sie {address} und Ihr Passwort ein. Wenn Sie nach dem Anbieter gefragt werden, wählen Sie {incomingProtocol} oder einen anderen Anbieter.',
      'Wenn Sie nach Servern gefragt werden: Eingang {incoming}, Port {incomingPort}, {incomingSecurity}; Ausgang {outgoing}, Port {outgoingPort}, {outgoingSecurity}; Benutzername {login}.'
    ],
    sparkNote: 'Spark sendet Ihre Adresse, Ihr Passwort und Ihre E-Mails an die Server des Herstellers.',
    steps: {
      iphone: {
        steps: [
          'Öffnen Sie [Einstellungen] → [Apps] → [Mail] → [Mail-Accounts] → [Account hinzufügen]. Vor iOS 18: [Einstellungen] → [Mail] → [Accounts].',
          'Tippen Sie auf [Andere] → [Mail-Account hinzufügen]. Wird zuerst nach Ihrer Adresse gefragt, geben Sie {address} ein und wählen Sie einen anderen Mail-Account.',
          'Geben Sie Ihren Namen, {address} und Ihr Passwort ein und tippen Sie auf [Weiter].',
          'Wählen Sie [{incomingProtocol}]. Geben Sie unter [Server für eintreffende E-Mails] {incoming}, den Benutzernamen {login} und Ihr Passwort ein.',
          'Geben Sie unter [Server für ausgehende E-Mails] {outgoing} ein| und wieder {login} und Ihr Passwort, auch wenn dort [Optional] steht|.',
          'Tippen Sie auf [Weiter] und dann auf [Sichern].'
        ]
      },
      mac: {
        steps: [
          'Öffnen Sie Mail und wählen Sie in der Menüleiste [Mail] → [Account hinzufügen …].',
          'Wählen Sie [Anderer Mail-Account …] und klicken Sie auf [Fortfahren].',
          'Geben Sie Ihren Namen, {address} und Ihr Passwort ein und klicken Sie auf [Anmelden].',
          'Falls Mail nach den Servern fragt: Benutzername {login}, Accounttyp {incomingProtocol}, Server für eintreffende E-Mails {incoming}, Server für ausgehende E-Mails {outgoing}.',
          'Klicken Sie auf [Anmelden] und dann auf [Fertig].'
        ]
      },
      thunderbird: {
        steps: [
          'Öffnen Sie oben rechts das Menü ≡ und wählen Sie [Konto hinzufügen] → [E-Mail]. Beim ersten Start öffnet sich das Fenster von selbst.',
          'Geben Sie Ihren Namen und {address} ein und klicken Sie auf [Weiter].',
          'Thunderbird findet die Einstellungen. Klicken Sie auf [Weiter].',
          'Geben Sie Ihr Passwort ein und klicken Sie auf [Weiter].'
        ],
        note: 'Falls Thunderbird keine Einstellungen findet, klicken Sie auf [Manuell einrichten] und geben die Werte aus den Tabellen auf dieser Seite ein.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird für Android',
        steps: [
          'Beim ersten Start: [Los geht’s] → [Jetzt ein E-Mail-Konto hinzufügen], später: [Einstellungen] → [Konto hinzufügen].',
          'Geben Sie {address} ein und tippen Sie auf [Weiter].',
          'Thunderbird findet die Einstellungen. Geben Sie Ihr Passwort ein und tippen Sie auf [Weiter].',
          'Geben Sie Ihren Namen ein und tippen Sie sich bis zum Ende durch.'
        ]
      },
      k9: {
        steps: [
          'Beim ersten Start: [Los geht’s], später: [Einstellungen] → [Konto hinzufügen].',
          'Geben Sie {address} ein und tippen Sie auf [Weiter].',
          'K-9 Mail findet die Einstellungen. Geben Sie Ihr Passwort ein und tippen Sie auf [Weiter].',
          'Geben Sie Ihren Namen ein und tippen Sie sich bis zum Ende durch.'
        ]
      },
      outlookClassic: {
        name: 'Outlook (klassisch)',
        steps: [
          'Klicken Sie auf [Datei] → [Konto hinzufügen].',
          'Geben Sie {address} ein. Öffnen Sie [Erweiterte Optionen], setzen Sie den Haken bei [Ich möchte mein Konto manuell einrichten] und klicken Sie auf [Verbinden].',
          'Wählen Sie [{incomingProtocol}].',
          'Eingehende E-Mail: Server {incoming}, Port {incomingPort}, Verschlüsselung {incomingSecurity}.',
          'Ausgehende E-Mail: Server {outgoing}, Port {outgoingPort}, Verschlüsselung {outgoingSecurity}. Klicken Sie auf [Weiter].',
          'Geben Sie Ihr Passwort ein und klicken Sie auf [Verbinden]. Wenn Outlook nach einem Benutzernamen fragt, geben Sie {login} ein.'
        ]
      },
      outlookNew: {
        name: 'Neues Outlook',
        steps: [
          'Öffnen Sie die Einstellungen (das Zahnrad oben rechts), wählen Sie [Konten] und klicken Sie auf [Konto hinzufügen].',
          'Geben Sie {address} ein und fahren Sie fort.',
          'Geben Sie Ihr Passwort ein. Wenn Sie nach einem Anbieter gefragt werden, wählen Sie [{incomingProtocol}].',
          'Wenn Sie nach Servern gefragt werden: Eingang {incoming}, Port {incomingPort}, {incomingSecurity}; Ausgang {outgoing}, Port {outgoingPort}, {outgoingSecurity}; Benutzername {login}.'
        ],
        note: 'Das neue Outlook und Outlook für Smartphones senden Ihre Adresse, Ihr Passwort und Ihre E-Mails an die Cloud von Microsoft, die Ihre E-Mails dann für Sie abruft.'
      },
      evolution: {
        steps: [
          'Wählen Sie [Bearbeiten] → [Konten], klicken Sie auf [Hinzufügen] und wählen Sie [E-Mail-Konto].',
          'Geben Sie Ihren Namen und {address} ein. Lassen Sie den Haken bei [Eigenschaften des E-Mail-Servers anhand der eingegebenen E-Mail-Adresse abrufen] und klicken Sie auf [Weiter].',
          'Evolution findet die Einstellungen. Klicken Sie bis zum Ende auf [Weiter] und dann auf [Anwenden].',
          'Geben Sie Ihr Passwort ein, wenn Sie danach gefragt werden.'
        ]
      },
      kmail: {
        steps: [
          'Wählen Sie [Einstellungen] → [Postfach hinzufügen …]. Beim ersten Start öffnet sich der Assistent von selbst.',
          'Geben Sie Ihren Namen, {address} und Ihr Passwort ein.',
          'KMail findet die Einstellungen. Folgen Sie dem Assistenten bis zum Ende.'
        ]
      },
      fairemail: {
        steps: [
          'Öffnen Sie die Haupteinstellungen. Beim ersten Start öffnen sie sich von selbst.',
          'Starten Sie den Assistenten für die Schnelleinrichtung und wählen Sie [Anderer Anbieter].',
          'Geben Sie Ihren Namen, {address} und Ihr Passwort ein und tippen Sie auf [Überprüfen].',
          'FairEmail findet die Einstellungen. Speichern Sie sie.'
        ]
      },
      deltaChat: {
        steps: [
          'Legen Sie ein Profil an und wählen Sie, dass Sie dafür eine eigene E-Mail-Adresse nutzen.',
          'Geben Sie {address} und Ihr Passwort ein und bestätigen Sie.',
          'Delta Chat findet die Einstellungen von selbst.'
        ],
        note: 'Delta Chat legt seine Nachrichten in Ihrem Postfach ab. Mit einer eigenen Adresse für Chats bleibt Ihr Posteingang übersichtlich.'
      },
      davx5: {
        steps: [
          'Tippen Sie auf [+] und wählen Sie [Mit URL und Benutzername anmelden].',
          'Geben Sie unter [Basis-URL] {dav} und unter [Benutzername] {login} ein, dazu Ihr Passwort, und tippen Sie auf [Anmelden].',
          'Geben Sie unter [Kontoname] {address} ein und tippen Sie auf [Konto hinzufügen].',
          'Wählen Sie die Kalender und Kontakte aus, die Sie auf dem Telefon haben möchten.'
        ],
        note: 'DAVx⁵ bringt Kalender und Kontakte in die Apps Ihres Android-Telefons. Für E-Mail brauchen Sie zusätzlich ein Mailprogramm.'
      },
      gmail: {
        steps: [
          'Tippen Sie oben rechts auf Ihr Profilbild und dann auf [Weiteres Konto hinzufügen].',
          'Wählen Sie [Andere], geben Sie {address} ein und tippen Sie auf [Weiter].',
          'Wählen Sie als Kontotyp {incomingProtocol}.',
          'Geben Sie Ihr Passwort ein und tippen Sie auf [Weiter].',
          'Eingang: Benutzername {login}, Server {incoming}, Port {incomingPort}, {incomingSecurity}.',
          'Ausgang: |Benutzername {login}, |Server {outgoing}, Port {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Weitere Hilfe',
    documentation: 'Hilfeseiten von {provider}',
    support: 'Support von {provider} fragen',
    website: 'Website von {provider}'
  },

  frame: {
    language: 'Sprache',
    skip: 'Zum Inhalt springen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    print: 'Drucken',
    footer: 'Diese Seite setzt keine Cookies und speichert nichts über Sie.'
  }
}
