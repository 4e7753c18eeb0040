/**
 * The setup page in Dutch.
 */
import type { Messages } from '../messages.ts'

export const nl: Messages = {
  code: 'nl',
  name: 'Nederlands',
  direction: 'ltr',

  start: {
    title: 'E-mail instellen',
    lead: 'Voer uw e-mailadres in. U ziet dan alle instellingen voor uw mailprogramma en hoe u ze stap voor stap invoert.',
    label: 'Uw e-mailadres',
    hint: 'Hier is geen wachtwoord nodig. Het adres wordt niet opgeslagen.',
    button: 'Mijn instellingen tonen',
    notAnAddress: 'Dit is geen volledig e-mailadres. Het ziet er zo uit: naam@example.com.'
  },

  unknown: {
    title: 'Geen instellingen voor dit adres',
    lead: 'Voor adressen die eindigen op {domain} zijn hier geen instellingen.',
    steps: [
      'Controleer de spelling van het adres, vooral het deel na de @.',
      'Als het klopt, vraag het dan aan de aanbieder van uw mailbox of aan de persoon die uw e-mail beheert.'
    ]
  },

  foreign: {
    title: 'Klopt dit adres?',
    lead: '{domain} is geen domein van {provider}. Als het een typefout is, verbeter dan het adres.',
    own: 'Is {domain} uw eigen domein, en staan de mailboxen ervan bij {provider}? Ga dan verder.',
    confirm: 'Ja, verder met {domain}'
  },

  missing: {
    title: 'Deze pagina bestaat niet',
    lead: 'Het adres in uw browser is niet volledig of niet meer geldig. Voer uw e-mailadres in om uw instellingen te zien.'
  },

  placeholder: {
    address: 'uw e-mailadres',
    localPart: 'het deel voor de @',
    domain: 'uw domein'
  },

  setup: {
    title: 'E-mailinstellingen voor {address}',
    providerTitle: 'E-mailinstellingen voor {provider}',
    allSettings: 'Alle serverinstellingen',
    enterAddress: 'Voer uw e-mailadres in, dan toont deze pagina uw eigen instellingen.',
    another: 'Ander adres invoeren'
  },

  device: {
    heading: 'Uw apparaat',
    other: 'Anders'
  },

  login: {
    heading: 'Uw aanmelding',
    username: 'Gebruikersnaam',
    password: 'Wachtwoord',
    plainPassword: 'Het wachtwoord van uw mailbox',
    notedPassword: 'Uw wachtwoord, zoals beschreven in de opmerking',
    note: 'Lees dit eerst',
    makePassword: 'Wachtwoord aanmaken of wijzigen'
  },

  servers: {
    heading: 'Mailservers',
    incoming: 'Inkomende e-mail',
    outgoing: 'Uitgaande e-mail',
    protocol: 'Protocol',
    server: 'Server',
    port: 'Poort',
    security: 'Verbindings\u00adbeveiliging',
    authentication: 'Authenticatie',
    first: 'aanbevolen',
    alternative: 'alternatief',
    imapOrPop3:
      'Kies bij twijfel IMAP: uw e-mail blijft op de server en is op al uw apparaten gelijk. POP3 haalt de e-mail op naar één apparaat.',
    pathPrefix: 'IMAP-padprefix'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Geen (niet versleuteld)'
  },

  securityMeaning: {
    tls: 'vanaf het begin versleuteld',
    starttls: 'na het verbinden versleuteld',
    none: 'anderen kunnen meelezen'
  },

  authentication: {
    password: 'Wachtwoord',
    'encrypted-password': 'Versleuteld wachtwoord',
    oauth2: 'Aanmelden in de browser (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificaat op uw apparaat',
    none: 'Geen'
  },

  services: {
    heading: 'Agenda’s, contacten en meer',
    service: 'Dienst',
    address: 'Adres',
    kinds: {
      caldav: 'Agenda’s (CalDAV)',
      carddav: 'Contacten (CardDAV)',
      webdav: 'Bestanden (WebDAV)',
      jmap: 'E-mail (JMAP)',
      activesync: 'E-mail, agenda’s en contacten (Exchange ActiveSync)',
      ews: 'E-mail, agenda’s en contacten (Exchange)',
      graph: 'E-mail, agenda’s en contacten (Microsoft Graph)',
      managesieve: 'Mailfilters (ManageSieve)'
    },
    webmail: 'E-mail in de browser'
  },

  apple: {
    heading: 'Profiel voor iPhone, iPad en Mac',
    lead: 'Een profiel vult alle instellingen voor u in. U typt alleen nog uw wachtwoord.',
    download: 'Profiel downloaden ({size})',
    withName: 'Uw eigen naam in het profiel zetten',
    nameLabel: 'Uw naam, zoals anderen die in uw berichten zien',
    nameButton: 'Downloaden met deze naam',
    phone: 'Op iPhone en iPad',
    mac: 'Op de Mac',
    phoneSteps: [
      'Open deze pagina in Safari, download het profiel en sta de download toe.',
      'Open [Instellingen] en tik bovenaan op [Profiel gedownload]. Ziet u dat niet: [Algemeen] → [VPN en apparaatbeheer].',
      'Tik rechtsboven op [Installeer] en volg de aanwijzingen. Voer uw wachtwoord in wanneer erom wordt gevraagd.'
    ],
    macSteps: [
      'Download het profiel en dubbelklik op het bestand in de map Downloads.',
      'Open [Systeeminstellingen] → [Algemeen] → [Apparaatbeheer]. Vóór macOS 15: [Privacy en beveiliging] → [Profielen].',
      'Dubbelklik op het profiel, klik op [Installeer] en voer uw wachtwoord in wanneer erom wordt gevraagd.'
    ],
    eightMinutes:
      'Is [Profiel gedownload] verdwenen? Na acht minuten vervalt het. Download het profiel dan gewoon opnieuw.',
    signed: 'Het profiel is ondertekend: uw apparaat laat zien dat het geverifieerd is.',
    unsigned: 'Het profiel is niet ondertekend, en dat meldt uw apparaat ook. U kunt het toch installeren.',
    remove:
      'Als u het profiel op dezelfde plek verwijdert, verdwijnt de account van het apparaat. Uw e-mail blijft op de server.',
    quicker: 'Met het profiel op deze pagina gaat het sneller. Zonder profiel gaat het zo:'
  },

  qr: {
    heading: 'Codes voor uw telefoon',
    apple: 'iPhone en iPad',
    appleAlt: 'QR-code met het adres van het profiel',
    appleText: 'Richt de camera op de code en tik op de link. Ga daarna verder met de stappen voor het profiel.',
    thunderbird: 'Thunderbird voor Android',
    thunderbirdAlt: 'QR-code met de instellingen voor Thunderbird voor Android',
    thunderbirdText: 'Scan deze code in Thunderbird, niet met de camera-app.',
    thunderbirdSteps: [
      'Open Thunderbird. Bij de eerste keer: [Starten] → [Importinstellingen]. Later: [Instellingen] → [Instellingen importeren].',
      'Als wordt gevraagd waaruit u wilt importeren, kies dan de QR-code.',
      'Richt de camera op de code op deze pagina en bevestig.',
      'Tik op [Importeren] en voer uw wachtwoord in.'
    ],
    asText: 'Als tekst tonen',
    noPassword: 'De codes bevatten geen wachtwoord.'
  },

  programs: {
    heading: 'Welk programma gebruikt u?',
    others: 'Een ander programma of zonder profiel',
    byHand: 'Vindt het programma de instellingen niet? Voer deze waarden in.',
    exchange: 'Voer {address} in. Outlook vindt de Exchange-server en vraagt u om u aan te melden.',
    generic: [
      'Open {program} en voeg een account toe. Bij de eerste keer wordt erom gevraagd, later vindt u dit bij de instellingen.',
      'Voer {address} en uw wachtwoord in. Wordt er een aanbieder gevraagd, kies dan {incomingProtocol} of een andere aanbieder.',
      'Worden er servers gevraagd: inkomend {incoming}, poort {incomingPort}, {incomingSecurity}; uitgaand {outgoing}, poort {outgoingPort}, {outgoingSecurity}; gebruikersnaam {login}.'
    ],
    sparkNote: 'Spark stuurt uw adres, uw wachtwoord en uw e-mail naar de servers van de maker.',
    steps: {
      iphone: {
        steps: [
          'Open [Instellingen] → [Apps] → [Mail], ga naar de accounts en voeg een account toe. Vóór iOS 18: [Instellingen] → [Mail] → [Accounts].',
          'Kies onderaan een andere aanbieder en daarna een mailaccount. Wordt eerst uw adres gevraagd, voer dan {address} in.',
          'Voer uw naam, {address} en uw wachtwoord in en tik op [Volgende].',
          'Kies [{incomingProtocol}]. Voer bij de inkomende e-mail {incoming}, de gebruikersnaam {login} en uw wachtwoord in.',
          'Voer bij de uitgaande e-mail {outgoing} in|, en opnieuw {login} en uw wachtwoord, ook als er [Optioneel] staat|.',
          'Tik op [Volgende] en daarna op [Bewaar].'
        ]
      },
      mac: {
        steps: [
          'Open Mail, klik in de menubalk op [Mail] en voeg een account toe.',
          'Kies een andere mailaccount en klik op [Ga door].',
          'Voer uw naam, {address} en uw wachtwoord in en klik op [Log in].',
          'Vraagt Mail naar de servers: gebruikersnaam {login}, accounttype {incomingProtocol}, server inkomende e-mail {incoming}, server uitgaande e-mail {outgoing}.',
          'Klik op [Log in] en daarna op [Gereed].'
        ]
      },
      thunderbird: {
        steps: [
          'Open rechtsboven het menu ≡ en kies [Account toevoegen] → [E-mail]. Bij de eerste keer opent dit venster vanzelf.',
          'Voer uw naam en {address} in en klik op [Doorgaan].',
          'Thunderbird vindt de instellingen. Klik op [Doorgaan].',
          'Voer uw wachtwoord in en klik op [Doorgaan].'
        ],
        note: 'Vindt Thunderbird geen instellingen, klik dan op [Handmatig configureren] en voer de waarden uit de tabellen op deze pagina in.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird voor Android',
        steps: [
          'Bij de eerste keer: [Starten] → [Voeg nu een e-mailaccount toe]. Later: [Instellingen] → [Account toevoegen].',
          'Voer {address} in en tik op [Volgende].',
          'Thunderbird vindt de instellingen. Voer uw wachtwoord in en tik op [Volgende].',
          'Voer uw naam in en ga verder tot het einde.'
        ]
      },
      k9: {
        steps: [
          'Bij de eerste keer: [Starten]. Later: [Instellingen] → [Account toevoegen].',
          'Voer {address} in en tik op [Volgende].',
          'K-9 Mail vindt de instellingen. Voer uw wachtwoord in en tik op [Volgende].',
          'Voer uw naam in en ga verder tot het einde.'
        ]
      },
      outlookClassic: {
        name: 'Outlook (klassiek)',
        steps: [
          'Klik op [Bestand] → [Account toevoegen].',
          'Voer {address} in. Open [Geavanceerde opties], vink aan dat u de account handmatig wilt instellen en ga verder.',
          'Kies [{incomingProtocol}].',
          'Inkomende e-mail: server {incoming}, poort {incomingPort}, versleuteling {incomingSecurity}.',
          'Uitgaande e-mail: server {outgoing}, poort {outgoingPort}, versleuteling {outgoingSecurity}. Klik op [Volgende].',
          'Voer uw wachtwoord in en maak verbinding. Vraagt Outlook om een gebruikersnaam, voer dan {login} in.'
        ]
      },
      outlookNew: {
        name: 'Nieuwe Outlook',
        steps: [
          'Open de instellingen (het tandwiel rechtsboven), kies [Accounts] en klik op [Account toevoegen].',
          'Voer {address} in en ga verder.',
          'Voer uw wachtwoord in. Wordt er een aanbieder gevraagd, kies dan [{incomingProtocol}].',
          'Worden er servers gevraagd: inkomend {incoming}, poort {incomingPort}, {incomingSecurity}; uitgaand {outgoing}, poort {outgoingPort}, {outgoingSecurity}; gebruikersnaam {login}.'
        ],
        note: 'De nieuwe Outlook en Outlook voor telefoons sturen uw adres, uw wachtwoord en uw e-mail naar de cloud van Microsoft, die uw e-mail daarna voor u ophaalt.'
      },
      evolution: {
        steps: [
          'Kies [Bewerken] → [Accounts], klik op [Toevoegen] en kies [E-mailaccount].',
          'Voer uw naam en {address} in. Laat [Mailserver-details opzoeken op basis van het ingevoerde e-mailadres] aangevinkt en klik op [Volgende].',
          'Evolution vindt de instellingen. Klik tot het einde op [Volgende] en daarna op [Toepassen].',
          'Voer uw wachtwoord in wanneer erom wordt gevraagd.'
        ]
      },
      kmail: {
        steps: [
          'Kies [Instellingen] → [Account toevoegen…]. Bij de eerste keer opent de assistent vanzelf.',
          'Voer uw naam, {address} en uw wachtwoord in.',
          'KMail vindt de instellingen. Volg de assistent tot het einde.'
        ]
      },
      fairemail: {
        steps: [
          'Open de hoofdinstellingen. Bij de eerste keer openen ze vanzelf.',
          'Start de assistent voor snel instellen en kies [Andere provider].',
          'Voer uw naam, {address} en uw wachtwoord in en tik op [Controleer].',
          'FairEmail vindt de instellingen. Sla ze op.'
        ]
      },
      deltaChat: {
        steps: [
          'Kies om een profiel te maken en daarna om een eigen e-mailadres te gebruiken.',
          'Voer {address} en uw wachtwoord in en bevestig.',
          'Delta Chat vindt de instellingen zelf.'
        ],
        note: 'Delta Chat bewaart zijn berichten in uw mailbox. Met een apart adres voor chats blijft uw postvak overzichtelijk.'
      },
      davx5: {
        steps: [
          'Tik op [+] en kies [Inloggen met URL en gebruikersnaam].',
          'Voer bij [Basis-URL] {dav} in en bij [Gebruikersnaam] {login}. Voer uw wachtwoord in en tik op [Login].',
          'Voer bij [Accountnaam] {address} in en tik op [Account toevoegen].',
          'Vink de agenda’s en contacten aan die u op uw telefoon wilt.'
        ],
        note: 'DAVx⁵ brengt agenda’s en contacten naar de apps van uw Android-telefoon. Voor e-mail hebt u daarnaast een mailprogramma nodig.'
      },
      gmail: {
        steps: [
          'Tik rechtsboven op uw profielfoto en daarna op [Nog een account toevoegen].',
          'Kies onderaan een andere aanbieder, voer {address} in en tik op [Volgende].',
          'Kies {incomingProtocol} als accounttype.',
          'Voer uw wachtwoord in en tik op [Volgende].',
          'Inkomend: gebruikersnaam {login}, server {incoming}, poort {incomingPort}, {incomingSecurity}.',
          'Uitgaand: |gebruikersnaam {login}, |server {outgoing}, poort {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Meer hulp',
    documentation: 'Hulppagina’s van {provider}',
    support: 'Hulp vragen aan {provider}',
    website: 'Website van {provider}'
  },

  frame: {
    language: 'Taal',
    skip: 'Naar de inhoud',
    copy: 'Kopiëren',
    copied: 'Gekopieerd',
    print: 'Afdrukken',
    footer: 'Deze pagina plaatst geen cookies en bewaart niets over u.'
  }
}
