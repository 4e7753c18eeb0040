/**
 * The setup page in Polish. There are no-break spaces after words of one letter.
 */
import type { Messages } from '../messages.ts'

export const pl: Messages = {
  code: 'pl',
  name: 'Polski',
  direction: 'ltr',

  start: {
    title: 'Konfiguracja poczty e-mail',
    lead: 'Po wpisaniu adresu e-mail zobaczysz wszystkie ustawienia programu pocztowego i dowiesz się krok po kroku, jak je wprowadzić.',
    label: 'Adres e-mail',
    hint: 'Hasło nie jest tu potrzebne. Adres nie jest zapisywany.',
    button: 'Pokaż ustawienia',
    notAnAddress: 'To nie jest pełny adres e-mail. Powinien wyglądać tak: nazwa@example.com.'
  },

  unknown: {
    title: 'Brak ustawień dla tego adresu',
    lead: 'Nie ma tu ustawień dla adresów z końcówką {domain}.',
    steps: [
      'Sprawdź pisownię adresu, zwłaszcza część po znaku @.',
      'Jeśli adres jest poprawny, zapytaj dostawcę skrzynki albo osobę, która zajmuje się pocztą.'
    ]
  },

  foreign: {
    title: 'Czy ten adres jest poprawny?',
    lead: '{domain} nie jest domeną dostawcy {provider}. Jeśli to literówka, popraw adres.',
    own: 'Czy {domain} to Twoja własna domena, a jej skrzynki są u dostawcy {provider}? W takim razie kontynuuj.',
    confirm: 'Tak, kontynuuj z {domain}'
  },

  missing: {
    title: 'Ta strona nie istnieje',
    lead: 'Adres w przeglądarce jest niepełny albo już nieaktualny. Wpisz adres e-mail, aby zobaczyć ustawienia.'
  },

  placeholder: {
    address: 'adres e-mail',
    localPart: 'część przed znakiem @',
    domain: 'własna domena'
  },

  setup: {
    title: 'Ustawienia poczty dla {address}',
    providerTitle: 'Ustawienia poczty: {provider}',
    allSettings: 'Wszystkie ustawienia serwerów',
    enterAddress: 'Po wpisaniu adresu e-mail strona pokaże ustawienia dla tego adresu.',
    another: 'Wpisz inny adres'
  },

  device: {
    heading: 'Urządzenie',
    other: 'Inne'
  },

  login: {
    heading: 'Dane logowania',
    username: 'Nazwa użytkownika',
    password: 'Hasło',
    plainPassword: 'Hasło do skrzynki',
    notedPassword: 'Hasło opisane w uwadze',
    note: 'Najpierw przeczytaj',
    makePassword: 'Utwórz lub zmień hasło'
  },

  servers: {
    heading: 'Serwery poczty',
    incoming: 'Poczta przychodząca',
    outgoing: 'Poczta wychodząca',
    protocol: 'Protokół',
    server: 'Serwer',
    port: 'Port',
    security: 'Bezpieczeństwo połączenia',
    authentication: 'Uwierzytelnianie',
    first: 'zalecany',
    alternative: 'zamiennie',
    imapOrPop3:
      'W razie wątpliwości wybierz IMAP: wiadomości zostają na serwerze i są takie same na wszystkich urządzeniach. POP3 pobiera je na jedno urządzenie.',
    pathPrefix: 'Prefiks ścieżki IMAP'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Brak (bez szyfrowania)'
  },

  securityMeaning: {
    tls: 'szyfrowane od początku',
    starttls: 'szyfrowane po połączeniu',
    none: 'inni mogą je odczytać'
  },

  authentication: {
    password: 'Hasło',
    'encrypted-password': 'Zaszyfrowane hasło',
    oauth2: 'Logowanie w przeglądarce (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certyfikat na urządzeniu',
    none: 'Brak'
  },

  services: {
    heading: 'Kalendarze, kontakty i inne usługi',
    service: 'Usługa',
    address: 'Adres',
    kinds: {
      caldav: 'Kalendarze (CalDAV)',
      carddav: 'Kontakty (CardDAV)',
      webdav: 'Pliki (WebDAV)',
      jmap: 'Poczta (JMAP)',
      activesync: 'Poczta, kalendarze i kontakty (Exchange ActiveSync)',
      ews: 'Poczta, kalendarze i kontakty (Exchange)',
      graph: 'Poczta, kalendarze i kontakty (Microsoft Graph)',
      managesieve: 'Filtry poczty (ManageSieve)'
    },
    webmail: 'Poczta w przeglądarce'
  },

  apple: {
    heading: 'Profil dla iPhone’a, iPada i Maca',
    lead: 'Profil wprowadza wszystkie ustawienia. Pozostaje tylko wpisać hasło.',
    download: 'Pobierz profil ({size})',
    withName: 'Wpisz do profilu imię i nazwisko',
    nameLabel: 'Imię i nazwisko widoczne w wysyłanych wiadomościach',
    nameButton: 'Pobierz z tym imieniem i nazwiskiem',
    phone: 'iPhone i iPad',
    mac: 'Mac',
    phoneSteps: [
      'Otwórz tę stronę w Safari, pobierz profil i zezwól na pobranie.',
      'Otwórz [Ustawienia] i stuknij u góry w [Pobrany profil]. Jeśli go tam nie ma: [Ogólne] → [VPN i zarządzanie urządzeniem].',
      'Stuknij w prawym górnym rogu w [Zainstaluj] i postępuj zgodnie z instrukcjami. Wpisz hasło, gdy pojawi się prośba o nie.'
    ],
    macSteps: [
      'Pobierz profil i kliknij dwukrotnie plik w folderze pobranych plików.',
      'Otwórz [Ustawienia systemowe] → [Ogólne] → [Zarządzanie urządzeniem]. Przed macOS 15: [Prywatność i ochrona] → [Profile].',
      'Kliknij dwukrotnie profil, kliknij [Zainstaluj] i wpisz hasło, gdy pojawi się prośba o nie.'
    ],
    eightMinutes: 'Nie ma już pozycji [Pobrany profil]? Znika po ośmiu minutach. Wystarczy pobrać profil jeszcze raz.',
    signed: 'Profil jest podpisany: urządzenie pokazuje, że został zweryfikowany.',
    unsigned: 'Profil nie jest podpisany, o czym urządzenie informuje. Mimo to można go zainstalować.',
    remove: 'Po usunięciu profilu w tym samym miejscu konto znika z urządzenia. Wiadomości zostają na serwerze.',
    quicker: 'Z profilem z tej strony pójdzie szybciej. Kroki bez profilu:'
  },

  qr: {
    heading: 'Kody dla telefonu',
    apple: 'iPhone i iPad',
    appleAlt: 'Kod QR z adresem profilu',
    appleText: 'Skieruj aparat na kod i stuknij w łącze. Dalej wykonaj kroki dotyczące profilu.',
    thunderbird: 'Thunderbird dla Androida',
    thunderbirdAlt: 'Kod QR z ustawieniami dla Thunderbirda na Androida',
    thunderbirdText: 'Zeskanuj ten kod w Thunderbirdzie, a nie aplikacją aparatu.',
    thunderbirdSteps: [
      'Otwórz Thunderbirda. Przy pierwszym uruchomieniu: [Rozpocznij] → [Importuj ustawienia], później: [Ustawienia] → [Importuj ustawienia].',
      'Jeśli pojawi się pytanie o źródło, wybierz kod QR.',
      'Skieruj aparat na kod na tej stronie i potwierdź.',
      'Stuknij w [Importuj] i wpisz hasło.'
    ],
    asText: 'Pokaż jako tekst',
    noPassword: 'Kody nie zawierają hasła.'
  },

  programs: {
    heading: 'Jakiego programu używasz?',
    others: 'Inny program albo bez profilu',
    byHand: 'Program nie znajduje ustawień? Wpisz te wartości.',
    exchange: 'Wpisz {address}. Outlook znajdzie serwer Exchange i poprosi o zalogowanie się.',
    generic: [
      'Otwórz {program} i dodaj konto. Przy pierwszym uruchomieniu program o nie prosi, później znajdziesz to w ustawieniach.',
      'Wpisz {address} i hasło. Jeśli pojawi się pytanie o dostawcę, wybierz {incomingProtocol} lub innego dostawcę.',
      'Jeśli pojawi się pytanie o serwery: poczta przychodząca {incoming}, port {incomingPort}, {incomingSecurity}; poczta wychodząca {outgoing}, port {outgoingPort}, {outgoingSecurity}; nazwa użytkownika {login}.'
    ],
    sparkNote: 'Spark wysyła adres, hasło i wiadomości na serwery swojego producenta.',
    steps: {
      iphone: {
        steps: [
          'Otwórz [Ustawienia] → [Aplikacje] → [Mail], przejdź do kont i stuknij w [Dodaj konto]. Przed iOS 18: [Ustawienia] → [Mail] → [Konta].',
          'Stuknij w [Inne] → [Dodaj konto Mail]. Jeśli najpierw trzeba podać adres, wpisz {address} i wybierz inne konto pocztowe.',
          'Wpisz imię i nazwisko, {address} oraz hasło i stuknij w [Dalej].',
          'Wybierz [{incomingProtocol}]. W polach [Serwer poczty przychodzącej] wpisz {incoming}, nazwę użytkownika {login} i hasło.',
          'W polach [Serwer poczty wychodzącej] wpisz {outgoing}| oraz ponownie {login} i hasło, nawet jeśli pola są oznaczone jako opcjonalne|.',
          'Stuknij w [Dalej], a następnie zachowaj konto.'
        ]
      },
      mac: {
        steps: [
          'Otwórz program Mail i wybierz z paska menu [Mail] → [Dodaj konto…].',
          'Wybierz [Inne konto Mail…] i kliknij [Kontynuuj].',
          'Wpisz imię i nazwisko, {address} oraz hasło i zaloguj się.',
          'Jeśli program zapyta o serwery: nazwa użytkownika {login}, typ konta {incomingProtocol}, serwer poczty przychodzącej {incoming}, serwer poczty wychodzącej {outgoing}.',
          'Zaloguj się i kliknij [Gotowe].'
        ]
      },
      thunderbird: {
        steps: [
          'Otwórz menu ≡ w prawym górnym rogu i wybierz [Dodaj konto] → [E-mail]. Przy pierwszym uruchomieniu okno otwiera się samo.',
          'Wpisz imię i nazwisko oraz {address} i kliknij [Kontynuuj].',
          'Thunderbird znajduje ustawienia. Kliknij [Kontynuuj].',
          'Wpisz hasło i kliknij [Kontynuuj].'
        ],
        note: 'Jeśli Thunderbird nie znajdzie ustawień, kliknij [Konfiguruj ręcznie] i wpisz wartości z tabel na tej stronie.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird dla Androida',
        steps: [
          'Przy pierwszym uruchomieniu: [Rozpocznij] → [Dodaj teraz konto e-mail], później: [Ustawienia] → [Dodaj konto].',
          'Wpisz {address} i stuknij w [Dalej].',
          'Thunderbird znajduje ustawienia. Wpisz hasło i stuknij w [Dalej].',
          'Wpisz imię i nazwisko i przejdź do końca.'
        ]
      },
      k9: {
        steps: [
          'Przy pierwszym uruchomieniu: [Rozpocznij], później: [Ustawienia] → [Dodaj konto].',
          'Wpisz {address} i stuknij w [Dalej].',
          'K-9 Mail znajduje ustawienia. Wpisz hasło i stuknij w [Dalej].',
          'Wpisz imię i nazwisko i przejdź do końca.'
        ]
      },
      outlookClassic: {
        name: 'Outlook (klasyczny)',
        steps: [
          'Kliknij [Plik] → [Dodaj konto].',
          'Wpisz {address}. Otwórz [Opcje zaawansowane], zaznacz [Pozwól mi ręcznie skonfigurować moje konto] i kliknij [Połącz].',
          'Wybierz [{incomingProtocol}].',
          'Poczta przychodząca: serwer {incoming}, port {incomingPort}, szyfrowanie {incomingSecurity}.',
          'Poczta wychodząca: serwer {outgoing}, port {outgoingPort}, szyfrowanie {outgoingSecurity}. Kliknij [Dalej].',
          'Wpisz hasło i kliknij [Połącz]. Jeśli Outlook poprosi o nazwę użytkownika, wpisz {login}.'
        ]
      },
      outlookNew: {
        name: 'Nowy Outlook',
        steps: [
          'Otwórz ustawienia (koło zębate w prawym górnym rogu), wybierz [Konta] i kliknij [Dodaj konto].',
          'Wpisz {address} i przejdź dalej.',
          'Wpisz hasło. Jeśli trzeba wybrać dostawcę, wybierz [{incomingProtocol}].',
          'Jeśli trzeba podać serwery: przychodzący {incoming}, port {incomingPort}, {incomingSecurity}; wychodzący {outgoing}, port {outgoingPort}, {outgoingSecurity}; nazwa użytkownika {login}.'
        ],
        note: 'Nowy Outlook i Outlook na telefony wysyłają adres, hasło i wiadomości do chmury firmy Microsoft, która następnie pobiera pocztę w imieniu użytkownika.'
      },
      evolution: {
        steps: [
          'Wybierz [Edycja] → [Konta], kliknij [Dodaj] i wybierz [Konto poczty].',
          'Wpisz imię i nazwisko oraz {address}. Pozostaw zaznaczone [Wyszukanie informacji o serwerze poczty na podstawie podanego adresu e-mail] i kliknij [Dalej].',
          'Evolution znajduje ustawienia. Klikaj [Dalej] aż do końca, a potem [Zastosuj].',
          'Wpisz hasło, gdy pojawi się prośba o nie.'
        ]
      },
      kmail: {
        steps: [
          'Wybierz [Ustawienia] → [Dodaj konto…]. Przy pierwszym uruchomieniu asystent otwiera się sam.',
          'Wpisz imię i nazwisko, {address} oraz hasło.',
          'KMail znajduje ustawienia. Przejdź z asystentem do końca.'
        ]
      },
      fairemail: {
        steps: [
          'Otwórz ustawienia główne. Przy pierwszym uruchomieniu otwierają się same.',
          'Uruchom kreator szybkiej konfiguracji i wybierz innego dostawcę.',
          'Wpisz imię i nazwisko, {address} oraz hasło i stuknij w [Sprawdź].',
          'FairEmail znajduje ustawienia. Zapisz je.'
        ]
      },
      deltaChat: {
        steps: [
          'Wybierz utworzenie profilu, a następnie użycie własnego adresu e-mail.',
          'Wpisz {address} oraz hasło i potwierdź.',
          'Delta Chat sam znajduje ustawienia.'
        ],
        note: 'Delta Chat przechowuje swoje wiadomości w skrzynce pocztowej. Osobny adres do czatów pozwala zachować w niej porządek.'
      },
      davx5: {
        steps: [
          'Stuknij w [+] i wybierz [Logowanie za pomocą adresu URL i nazwy użytkownika].',
          'W polu [Podstawowy adres URL] wpisz {dav}, w polu [Nazwa użytkownika] {login}. Wpisz hasło i stuknij w [Zaloguj].',
          'W polu [Nazwa konta] wpisz {address} i stuknij w [Dodaj konto].',
          'Zaznacz kalendarze i kontakty, które mają być w telefonie.'
        ],
        note: 'DAVx⁵ udostępnia kalendarze i kontakty aplikacjom w telefonie z Androidem. Do poczty potrzebny jest oprócz tego program pocztowy.'
      },
      gmail: {
        steps: [
          'Stuknij w zdjęcie profilowe w prawym górnym rogu, a potem w [Dodaj kolejne konto].',
          'Wybierz [Inne], wpisz {address} i stuknij w [Dalej].',
          'Jako typ konta wybierz {incomingProtocol}.',
          'Wpisz hasło i stuknij w [Dalej].',
          'Przychodząca: nazwa użytkownika {login}, serwer {incoming}, port {incomingPort}, {incomingSecurity}.',
          'Wychodząca: |nazwa użytkownika {login}, |serwer {outgoing}, port {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Dodatkowa pomoc',
    documentation: 'Strony pomocy: {provider}',
    support: 'Zapytaj pomoc techniczną: {provider}',
    website: 'Strona internetowa: {provider}'
  },

  frame: {
    language: 'Język',
    skip: 'Przejdź do treści',
    copy: 'Kopiuj',
    copied: 'Skopiowano',
    print: 'Drukuj',
    footer: 'Ta strona nie używa plików cookie i nie zapisuje danych o użytkowniku.'
  }
}
