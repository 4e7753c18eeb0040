/**
 * The setup page in Italian.
 */
import type { Messages } from '../messages.ts'

export const it: Messages = {
  code: 'it',
  name: 'Italiano',
  direction: 'ltr',

  start: {
    title: 'Configurare l’email',
    lead: 'Inserire il proprio indirizzo email per vedere tutte le impostazioni del programma di posta e come inserirle passo per passo.',
    label: 'Indirizzo email',
    hint: 'Qui non serve la password. L’indirizzo non viene memorizzato.',
    button: 'Mostra le impostazioni',
    notAnAddress: 'L’indirizzo email non è completo. Deve essere del tipo nome@example.com.'
  },

  unknown: {
    title: 'Nessuna impostazione per questo indirizzo',
    lead: 'Qui non ci sono impostazioni per gli indirizzi che terminano con {domain}.',
    steps: [
      'Controllare che l’indirizzo sia scritto correttamente, soprattutto la parte dopo la @.',
      'Se è corretto, rivolgersi al fornitore della casella di posta o a chi si occupa dell’email.'
    ]
  },

  foreign: {
    title: 'Questo indirizzo è corretto?',
    lead: '{domain} non è uno dei domini di {provider}. Se è un errore di battitura, correggere l’indirizzo.',
    own: '{domain} è un dominio proprio e le sue caselle di posta sono presso {provider}? Allora continuare.',
    confirm: 'Sì, continuare con {domain}'
  },

  missing: {
    title: 'Questa pagina non esiste',
    lead: 'L’indirizzo nel browser è incompleto o non è più valido. Inserire il proprio indirizzo email per vedere le impostazioni.'
  },

  placeholder: {
    address: 'il proprio indirizzo email',
    localPart: 'la parte prima della @',
    domain: 'il proprio dominio'
  },

  setup: {
    title: 'Impostazioni email per {address}',
    providerTitle: 'Impostazioni email di {provider}',
    allSettings: 'Tutte le impostazioni dei server',
    enterAddress: 'Inserire il proprio indirizzo email per vedere qui le impostazioni personali.',
    another: 'Inserire un altro indirizzo'
  },

  device: {
    heading: 'Il dispositivo',
    other: 'Altro'
  },

  login: {
    heading: 'Dati di accesso',
    username: 'Nome utente',
    password: 'Password',
    plainPassword: 'La password della casella di posta',
    notedPassword: 'La password, come descritto nella nota',
    note: 'Prima di iniziare',
    makePassword: 'Creare o cambiare una password'
  },

  servers: {
    heading: 'Server di posta',
    incoming: 'Posta in arrivo',
    outgoing: 'Posta in uscita',
    protocol: 'Protocollo',
    server: 'Server',
    port: 'Porta',
    security: 'Sicurezza della connessione',
    authentication: 'Autenticazione',
    first: 'consigliato',
    alternative: 'alternativa',
    imapOrPop3:
      'In caso di dubbio, scegliere IMAP: la posta resta sul server ed è la stessa su tutti i dispositivi. POP3 la scarica su uno solo.',
    pathPrefix: 'Prefisso percorso IMAP'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Nessuna (non cifrata)'
  },

  securityMeaning: {
    tls: 'cifrata dall’inizio',
    starttls: 'cifrata dopo il collegamento',
    none: 'altri possono leggerla'
  },

  authentication: {
    password: 'Password',
    'encrypted-password': 'Password cifrata',
    oauth2: 'Accesso nel browser (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificato sul dispositivo',
    none: 'Nessuna'
  },

  services: {
    heading: 'Calendari, contatti e altro',
    service: 'Servizio',
    address: 'Indirizzo',
    kinds: {
      caldav: 'Calendari (CalDAV)',
      carddav: 'Contatti (CardDAV)',
      webdav: 'File (WebDAV)',
      jmap: 'Posta (JMAP)',
      activesync: 'Posta, calendari e contatti (Exchange ActiveSync)',
      ews: 'Posta, calendari e contatti (Exchange)',
      graph: 'Posta, calendari e contatti (Microsoft Graph)',
      managesieve: 'Filtri di posta (ManageSieve)'
    },
    webmail: 'Posta nel browser'
  },

  apple: {
    heading: 'Profilo per iPhone, iPad e Mac',
    lead: 'Un profilo inserisce tutte le impostazioni. Resta da digitare solo la password.',
    download: 'Scarica il profilo ({size})',
    withName: 'Inserire il proprio nome nel profilo',
    nameLabel: 'Il proprio nome, come gli altri lo vedono nei messaggi',
    nameButton: 'Scarica con questo nome',
    phone: 'Su iPhone e iPad',
    mac: 'Sul Mac',
    phoneSteps: [
      'Aprire questa pagina in Safari, scaricare il profilo e toccare [Consenti].',
      'Aprire [Impostazioni] e toccare [Profilo scaricato] in alto. Se non compare: [Generali] → [VPN e gestione dispositivi].',
      'Toccare [Installa] in alto a destra e seguire le istruzioni. Inserire la password quando viene richiesta.'
    ],
    macSteps: [
      'Scaricare il profilo e fare doppio clic sul file nella cartella Download.',
      'Aprire [Impostazioni di Sistema] → [Generali] → [Gestione dispositivi]. Prima di macOS 15: [Privacy e sicurezza] → [Profili].',
      'Fare doppio clic sul profilo, premere [Installa] e inserire la password quando viene richiesta.'
    ],
    eightMinutes: '[Profilo scaricato] non c’è più? Scompare dopo otto minuti: basta scaricare di nuovo il profilo.',
    signed: 'Il profilo è firmato: il dispositivo lo mostra come [Verificato].',
    unsigned: 'Il profilo non è firmato e il dispositivo lo segnala. Lo si può installare comunque.',
    remove:
      'Se si rimuove il profilo nello stesso punto, l’account scompare dal dispositivo. La posta resta sul server.',
    quicker: 'Con il profilo di questa pagina si fa prima. Ecco i passaggi senza profilo:'
  },

  qr: {
    heading: 'Codici per il telefono',
    apple: 'iPhone e iPad',
    appleAlt: 'Codice QR con l’indirizzo del profilo',
    appleText:
      'Inquadrare il codice con la fotocamera e toccare il link. Poi proseguire con i passaggi per il profilo.',
    thunderbird: 'Thunderbird per Android',
    thunderbirdAlt: 'Codice QR con le impostazioni per Thunderbird per Android',
    thunderbirdText: 'Scansionare questo codice da Thunderbird, non con l’app della fotocamera.',
    thunderbirdSteps: [
      'Aprire Thunderbird. Al primo avvio toccare [Iniziamo] → [Importa impostazioni], in seguito [Impostazioni] → [Importa impostazioni].',
      'Se viene chiesto da dove importare, scegliere il codice QR.',
      'Inquadrare il codice su questa pagina e confermare.',
      'Toccare [Importa] e inserire la password.'
    ],
    asText: 'Mostra come testo',
    noPassword: 'I codici non contengono password.'
  },

  programs: {
    heading: 'Quale programma si usa?',
    others: 'Un altro programma, o senza profilo',
    byHand: 'Il programma non trova le impostazioni? Inserire questi valori.',
    exchange: 'Inserire {address}. Outlook trova il server Exchange e chiede di accedere.',
    generic: [
      'Aprire {program} e aggiungere un account. Al primo avvio viene richiesto, in seguito si trova nelle impostazioni.',
      'Inserire {address} e la password. Se viene chiesto il fornitore, scegliere {incomingProtocol} o un altro fornitore.',
      'Se vengono chiesti i server: in entrata {incoming}, porta {incomingPort}, {incomingSecurity}; in uscita {outgoing}, porta {outgoingPort}, {outgoingSecurity}; nome utente {login}.'
    ],
    sparkNote: 'Spark invia indirizzo, password e messaggi ai server del produttore.',
    steps: {
      iphone: {
        steps: [
          'Aprire [Impostazioni] → [App] → [Mail] → [Account Mail] → [Aggiungi account]. Prima di iOS 18: [Impostazioni] → [Mail] → [Account].',
          'Toccare [Altro] → [Aggiungi account Mail]. Se prima viene chiesto l’indirizzo, inserire {address} e scegliere di aggiungere un altro account di posta.',
          'Inserire il nome, {address} e la password, poi toccare [Avanti].',
          'Scegliere [{incomingProtocol}]. In [Server posta in arrivo] inserire {incoming}, il nome utente {login} e la password.',
          'In [Server posta in uscita] inserire {outgoing}| e di nuovo {login} e la password, anche dove è scritto [Facoltativo]|.',
          'Toccare [Avanti] e poi [Salva].'
        ]
      },
      mac: {
        steps: [
          'Aprire Mail e scegliere [Mail] → [Aggiungi account…] nella barra dei menu.',
          'Scegliere [Altro account Mail…] e fare clic su [Continua].',
          'Inserire il nome, {address} e la password, poi fare clic su [Accedi].',
          'Se Mail chiede i server: nome utente {login}, tipo di account {incomingProtocol}, server di posta in arrivo {incoming}, server di posta in uscita {outgoing}.',
          'Fare clic su [Accedi] e poi su [Fine].'
        ]
      },
      thunderbird: {
        steps: [
          'Aprire il menu ≡ in alto a destra e scegliere [Aggiungi account] → [Email]. Al primo avvio questa finestra si apre da sola.',
          'Inserire il nome e {address}, poi fare clic su [Continua].',
          'Thunderbird trova le impostazioni. Fare clic su [Continua].',
          'Inserire la password e fare clic su [Continua].'
        ],
        note: 'Se Thunderbird non trova le impostazioni, fare clic su [Configura manualmente] e inserire i valori delle tabelle in questa pagina.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird per Android',
        steps: [
          'Al primo avvio toccare [Iniziamo] e [Aggiungi ora un account email], in seguito [Impostazioni] → [Aggiungi account].',
          'Inserire {address} e toccare [Successivo].',
          'Thunderbird trova le impostazioni. Inserire la password e toccare [Successivo].',
          'Inserire il nome e proseguire fino alla fine.'
        ]
      },
      k9: {
        steps: [
          'Al primo avvio toccare [Iniziamo], in seguito [Impostazioni] → [Aggiungi account].',
          'Inserire {address} e toccare [Successivo].',
          'K-9 Mail trova le impostazioni. Inserire la password e toccare [Successivo].',
          'Inserire il nome e proseguire fino alla fine.'
        ]
      },
      outlookClassic: {
        name: 'Outlook classico',
        steps: [
          'Fare clic su [File] → [Aggiungi account].',
          'Inserire {address}. Aprire [Opzioni avanzate], selezionare la casella per la configurazione manuale dell’account e fare clic su [Connetti].',
          'Scegliere [{incomingProtocol}].',
          'Posta in arrivo: server {incoming}, porta {incomingPort}, crittografia {incomingSecurity}.',
          'Posta in uscita: server {outgoing}, porta {outgoingPort}, crittografia {outgoingSecurity}. Fare clic su [Avanti].',
          'Inserire la password e fare clic su [Connetti]. Se Outlook chiede un nome utente, inserire {login}.'
        ]
      },
      outlookNew: {
        name: 'Nuovo Outlook',
        steps: [
          'Aprire le impostazioni (l’ingranaggio in alto a destra), scegliere [Account] e fare clic su [Aggiungi account].',
          'Inserire {address} e fare clic su [Continua].',
          'Inserire la password. Se viene chiesto un provider, scegliere [{incomingProtocol}].',
          'Se vengono chiesti i server: in arrivo {incoming}, porta {incomingPort}, {incomingSecurity}; in uscita {outgoing}, porta {outgoingPort}, {outgoingSecurity}; nome utente {login}.'
        ],
        note: 'Il nuovo Outlook e Outlook per telefoni inviano indirizzo, password e messaggi al cloud di Microsoft, che poi ritira la posta al posto dell’utente.'
      },
      evolution: {
        steps: [
          'Scegliere [Modifica] → [Account], fare clic su [Aggiungi] e scegliere [Account di posta].',
          'Inserire il nome e {address}. Lasciare selezionato [Cercare i dettagli del server di posta in base all’indirizzo e-mail inserito] e fare clic su [Successivo].',
          'Evolution trova le impostazioni. Fare clic su [Successivo] fino alla fine e poi su [Applica].',
          'Inserire la password quando viene richiesta.'
        ]
      },
      kmail: {
        steps: [
          'Scegliere [Impostazioni] → [Aggiungi account…] (al primo avvio la procedura guidata si apre da sola).',
          'Inserire il nome, {address} e la password.',
          'KMail trova le impostazioni. Seguire la procedura guidata fino alla fine.'
        ]
      },
      fairemail: {
        steps: [
          'Aprire le impostazioni principali. Al primo avvio si aprono da sole.',
          'Avviare la procedura guidata della configurazione rapida e scegliere [Altro provider].',
          'Inserire il nome, {address} e la password, poi avviare il controllo.',
          'FairEmail trova le impostazioni. Salvarle.'
        ]
      },
      deltaChat: {
        steps: [
          'Scegliere di creare un profilo e poi di usare un proprio indirizzo email.',
          'Inserire {address} e la password, e confermare.',
          'Delta Chat trova le impostazioni da solo.'
        ],
        note: 'Delta Chat conserva i suoi messaggi nella casella di posta. Con un indirizzo a parte per le chat, la posta in arrivo resta in ordine.'
      },
      davx5: {
        steps: [
          'Toccare [+] e scegliere [Accedi con URL e nome utente].',
          'Inserire {dav} in [Base URL] e {login} in [Nome utente]. Inserire la password e toccare [Login].',
          'Dare all’account il nome {address} e toccare [Aggiungi account].',
          'Selezionare i calendari e i contatti da avere sul telefono.'
        ],
        note: 'DAVx⁵ porta calendari e contatti nelle app del telefono Android. Per la posta serve anche un programma di posta.'
      },
      gmail: {
        steps: [
          'Toccare l’immagine del profilo in alto a destra e poi [Aggiungi un altro account].',
          'Scegliere [Altro], inserire {address} e toccare [Avanti].',
          'Scegliere {incomingProtocol} come tipo di account.',
          'Inserire la password e toccare [Avanti].',
          'In arrivo: nome utente {login}, server {incoming}, porta {incomingPort}, {incomingSecurity}.',
          'In uscita: |nome utente {login}, |server {outgoing}, porta {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Altro aiuto',
    documentation: 'Pagine di aiuto di {provider}',
    support: 'Chiedere all’assistenza di {provider}',
    website: 'Sito web di {provider}'
  },

  frame: {
    language: 'Lingua',
    skip: 'Vai al contenuto',
    copy: 'Copia',
    copied: 'Copiato',
    print: 'Stampa',
    footer: 'Questa pagina non usa cookie e non memorizza nulla su chi la visita.'
  }
}
