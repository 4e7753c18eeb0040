/**
 * The setup page in French. There are no-break spaces before : ; ! ? and inside « ».
 */
import type { Messages } from '../messages.ts'

export const fr: Messages = {
  code: 'fr',
  name: 'Français',
  direction: 'ltr',

  start: {
    title: 'Configurer votre messagerie',
    lead: 'Saisissez votre adresse e-mail. Vous verrez tous les paramètres de votre logiciel de messagerie et comment les saisir, étape par étape.',
    label: 'Votre adresse e-mail',
    hint: 'Aucun mot de passe n’est demandé ici. L’adresse n’est pas enregistrée.',
    button: 'Afficher mes paramètres',
    notAnAddress: 'Ce n’est pas une adresse e-mail complète. Elle ressemble à nom@example.com.'
  },

  unknown: {
    title: 'Aucun paramètre pour cette adresse',
    lead: 'Il n’y a pas de paramètres ici pour les adresses qui se terminent par {domain}.',
    steps: [
      'Vérifiez l’orthographe de l’adresse, surtout la partie après le @.',
      'Si elle est correcte, adressez-vous au fournisseur de votre messagerie ou à la personne qui s’en occupe.'
    ]
  },

  foreign: {
    title: 'Cette adresse est-elle correcte ?',
    lead: '{domain} ne fait pas partie des domaines de {provider}. S’il s’agit d’une faute de frappe, corrigez l’adresse.',
    own: '{domain} est votre propre domaine, et ses boîtes aux lettres sont chez {provider} ? Alors continuez.',
    confirm: 'Oui, continuer avec {domain}'
  },

  missing: {
    title: 'Cette page n’existe pas',
    lead: 'L’adresse dans votre navigateur est incomplète ou n’est plus valable. Saisissez votre adresse e-mail pour voir vos paramètres.'
  },

  placeholder: {
    address: 'votre adresse e-mail',
    localPart: 'la partie avant le @',
    domain: 'votre domaine'
  },

  setup: {
    title: 'Paramètres de messagerie pour {address}',
    providerTitle: 'Paramètres de messagerie pour {provider}',
    allSettings: 'Tous les paramètres des serveurs',
    enterAddress: 'Saisissez votre adresse e-mail et cette page affichera vos propres paramètres.',
    another: 'Saisir une autre adresse'
  },

  device: {
    heading: 'Votre appareil',
    other: 'Autre'
  },

  login: {
    heading: 'Vos identifiants',
    username: 'Nom d’utilisateur',
    password: 'Mot de passe',
    plainPassword: 'Le mot de passe de votre messagerie',
    notedPassword: 'Votre mot de passe, comme indiqué dans la remarque',
    note: 'À lire d’abord',
    makePassword: 'Créer ou modifier un mot de passe'
  },

  servers: {
    heading: 'Serveurs de messagerie',
    incoming: 'Courrier entrant',
    outgoing: 'Courrier sortant',
    protocol: 'Protocole',
    server: 'Serveur',
    port: 'Port',
    security: 'Sécurité de la connexion',
    authentication: 'Authentification',
    first: 'recommandé',
    alternative: 'autre possibilité',
    imapOrPop3:
      'En cas de doute, choisissez IMAP : vos messages restent sur le serveur et sont les mêmes sur tous vos appareils. POP3 les récupère sur un seul appareil.',
    pathPrefix: 'Préfixe du chemin IMAP'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'Aucune (non chiffrée)'
  },

  securityMeaning: {
    tls: 'chiffré dès le début',
    starttls: 'chiffré après la connexion',
    none: 'd’autres peuvent lire'
  },

  authentication: {
    password: 'Mot de passe',
    'encrypted-password': 'Mot de passe chiffré',
    oauth2: 'Connexion dans le navigateur (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificat sur votre appareil',
    none: 'Aucune'
  },

  services: {
    heading: 'Agendas, contacts et autres services',
    service: 'Service',
    address: 'Adresse',
    kinds: {
      caldav: 'Agendas (CalDAV)',
      carddav: 'Contacts (CardDAV)',
      webdav: 'Fichiers (WebDAV)',
      jmap: 'Messagerie (JMAP)',
      activesync: 'Messagerie, agendas et contacts (Exchange ActiveSync)',
      ews: 'Messagerie, agendas et contacts (Exchange)',
      graph: 'Messagerie, agendas et contacts (Microsoft Graph)',
      managesieve: 'Filtres de messagerie (ManageSieve)'
    },
    webmail: 'Messagerie dans le navigateur'
  },

  apple: {
    heading: 'Profil pour iPhone, iPad et Mac',
    lead: 'Un profil saisit tous les paramètres à votre place. Vous n’avez plus qu’à taper votre mot de passe.',
    download: 'Télécharger le profil ({size})',
    withName: 'Inscrire votre nom dans le profil',
    nameLabel: 'Votre nom, tel que les autres le voient dans vos messages',
    nameButton: 'Télécharger avec ce nom',
    phone: 'Sur iPhone et iPad',
    mac: 'Sur Mac',
    phoneSteps: [
      'Ouvrez cette page dans Safari, téléchargez le profil et touchez [Autoriser].',
      'Ouvrez [Réglages] et touchez [Profil téléchargé] en haut. Si vous ne le voyez pas : [Général] → [VPN et gestion de l’appareil].',
      'Touchez [Installer] en haut à droite et suivez les instructions. Saisissez votre mot de passe lorsqu’il vous est demandé.'
    ],
    macSteps: [
      'Téléchargez le profil et double-cliquez sur le fichier dans le dossier Téléchargements.',
      'Ouvrez [Réglages Système] → [Général], puis la gestion des appareils. Avant macOS 15 : [Confidentialité et sécurité] → [Profils].',
      'Double-cliquez sur le profil, cliquez sur [Installer] et saisissez votre mot de passe lorsqu’il vous est demandé.'
    ],
    eightMinutes:
      '[Profil téléchargé] n’est plus là ? Il disparaît au bout de huit minutes. Il suffit de télécharger à nouveau le profil.',
    signed: 'Le profil est signé : votre appareil l’affiche comme [Vérifié].',
    unsigned:
      'Le profil n’est pas signé : votre appareil l’affiche comme [Non signé]. Vous pouvez l’installer malgré tout.',
    remove:
      'Si vous supprimez le profil au même endroit, le compte disparaît de l’appareil. Vos messages restent sur le serveur.',
    quicker: 'Le profil proposé sur cette page est plus rapide. Voici les étapes sans profil :'
  },

  qr: {
    heading: 'Codes pour votre téléphone',
    apple: 'iPhone et iPad',
    appleAlt: 'Code QR avec l’adresse du profil',
    appleText: 'Pointez l’appareil photo vers le code et touchez le lien. Continuez ensuite avec les étapes du profil.',
    thunderbird: 'Thunderbird pour Android',
    thunderbirdAlt: 'Code QR avec les paramètres pour Thunderbird pour Android',
    thunderbirdText: 'Scannez ce code dans Thunderbird, et non avec l’appareil photo.',
    thunderbirdSteps: [
      'Ouvrez Thunderbird. Au premier démarrage : [Démarrer] → [Importer les paramètres]. Plus tard : [Paramètres] → [Importer les paramètres].',
      'S’il vous est demandé d’où importer, choisissez le code QR.',
      'Pointez l’appareil vers le code de cette page et confirmez.',
      'Touchez [Importation] et saisissez votre mot de passe.'
    ],
    asText: 'Afficher sous forme de texte',
    noPassword: 'Les codes ne contiennent aucun mot de passe.'
  },

  programs: {
    heading: 'Quel logiciel utilisez-vous ?',
    others: 'Un autre logiciel, ou sans profil',
    byHand: 'Le logiciel ne trouve pas les paramètres ? Saisissez ces valeurs.',
    exchange: 'Saisissez {address}. Outlook trouve le serveur Exchange et vous demande de vous connecter.',
    generic: [
      'Ouvrez {program} et ajoutez un compte. Au premier démarrage, cela vous est proposé. Ensuite, cherchez dans les paramètres du logiciel.',
      'Saisissez {address} et votre mot de passe. Si un fournisseur vous est demandé, choisissez {incomingProtocol} ou un autre fournisseur.',
      'Si les serveurs vous sont demandés : entrant {incoming}, port {incomingPort}, {incomingSecurity} ; sortant {outgoing}, port {outgoingPort}, {outgoingSecurity} ; nom d’utilisateur {login}.'
    ],
    sparkNote: 'Spark envoie votre adresse, votre mot de passe et vos messages aux serveurs de son éditeur.',
    steps: {
      iphone: {
        steps: [
          'Ouvrez [Réglages] → [Apps] → [Mail], puis les comptes, et touchez [Ajouter un compte]. Avant iOS 18 : [Réglages] → [Mail] → [Comptes].',
          'Touchez [Autre] → [Ajouter un compte Mail]. Si votre adresse est demandée d’abord, saisissez {address} et choisissez d’ajouter un autre compte Mail.',
          'Saisissez votre nom, {address} et votre mot de passe, puis touchez [Suivant].',
          'Choisissez [{incomingProtocol}]. Sous [Serveur de réception], saisissez {incoming}, le nom d’utilisateur {login} et votre mot de passe.',
          'Sous [Serveur d’envoi], saisissez {outgoing}|, et de nouveau {login} et votre mot de passe, même si la mention [Facultatif] apparaît|.',
          'Touchez [Suivant], puis [Enregistrer].'
        ]
      },
      mac: {
        steps: [
          'Ouvrez Mail et choisissez [Mail] → [Ajouter un compte…] dans la barre des menus.',
          'Choisissez [Autre compte Mail…] et cliquez sur [Continuer].',
          'Saisissez votre nom, {address} et votre mot de passe, puis cliquez sur [Se connecter].',
          'Si Mail demande les serveurs : nom d’utilisateur {login}, type de compte {incomingProtocol}, serveur de réception {incoming}, serveur d’envoi {outgoing}.',
          'Cliquez sur [Se connecter], puis sur [Terminé].'
        ]
      },
      thunderbird: {
        steps: [
          'Ouvrez le menu ≡ en haut à droite et choisissez [Ajouter un compte] → [Adresse e-mail]. Au premier démarrage, cette fenêtre s’ouvre d’elle-même.',
          'Saisissez votre nom et {address}, puis cliquez sur [Continuer].',
          'Thunderbird trouve les paramètres. Cliquez sur [Continuer].',
          'Saisissez votre mot de passe et cliquez sur [Continuer].'
        ],
        note: 'Si Thunderbird ne trouve aucun paramètre, cliquez sur [Configurer manuellement] et saisissez les valeurs des tableaux de cette page.'
      },
      thunderbirdAndroid: {
        name: 'Thunderbird pour Android',
        steps: [
          'Au premier démarrage : [Démarrer] → [Ajoutez un compte de courriel maintenant]. Plus tard : [Paramètres] → [Ajouter un compte].',
          'Saisissez {address} et touchez [Suivant].',
          'Thunderbird trouve les paramètres. Saisissez votre mot de passe et touchez [Suivant].',
          'Saisissez votre nom et continuez jusqu’à la fin.'
        ]
      },
      k9: {
        steps: [
          'Au premier démarrage : [Démarrer]. Plus tard : [Paramètres] → [Ajouter un compte].',
          'Saisissez {address} et touchez [Suivant].',
          'K-9 Mail trouve les paramètres. Saisissez votre mot de passe et touchez [Suivant].',
          'Saisissez votre nom et continuez jusqu’à la fin.'
        ]
      },
      outlookClassic: {
        name: 'Outlook (classique)',
        steps: [
          'Cliquez sur [Fichier] → [Ajouter un compte].',
          'Saisissez {address}. Ouvrez [Options avancées], cochez la case pour configurer le compte manuellement et cliquez sur [Connexion].',
          'Choisissez [{incomingProtocol}].',
          'Courrier entrant : serveur {incoming}, port {incomingPort}, chiffrement {incomingSecurity}.',
          'Courrier sortant : serveur {outgoing}, port {outgoingPort}, chiffrement {outgoingSecurity}. Cliquez sur [Suivant].',
          'Saisissez votre mot de passe et cliquez sur [Connexion]. Si Outlook demande un nom d’utilisateur, saisissez {login}.'
        ]
      },
      outlookNew: {
        name: 'Nouvel Outlook',
        steps: [
          'Ouvrez les paramètres (la roue dentée en haut à droite), choisissez [Comptes] et cliquez sur [Ajouter un compte].',
          'Saisissez {address} et continuez.',
          'Saisissez votre mot de passe. Si un fournisseur est demandé, choisissez [{incomingProtocol}].',
          'Si les serveurs sont demandés : entrant {incoming}, port {incomingPort}, {incomingSecurity} ; sortant {outgoing}, port {outgoingPort}, {outgoingSecurity} ; nom d’utilisateur {login}.'
        ],
        note: 'Le nouvel Outlook et Outlook pour téléphone envoient votre adresse, votre mot de passe et vos messages dans le cloud de Microsoft, qui relève ensuite votre courrier pour vous.'
      },
      evolution: {
        steps: [
          'Choisissez [Édition] → [Comptes], cliquez sur [Ajouter] et choisissez [Comptes de messagerie].',
          'Saisissez votre nom et {address}. Laissez cochée la case [Consulter les détails du serveur de courrier sur la base de l’adresse électronique saisie] et cliquez sur [Suivant].',
          'Evolution trouve les paramètres. Cliquez sur [Suivant] jusqu’à la fin, puis sur [Appliquer].',
          'Saisissez votre mot de passe lorsqu’il vous est demandé.'
        ]
      },
      kmail: {
        steps: [
          'Choisissez [Configuration] → [Ajouter un compte…]. Au premier démarrage, l’assistant s’ouvre de lui-même.',
          'Saisissez votre nom, {address} et votre mot de passe.',
          'KMail trouve les paramètres. Suivez l’assistant jusqu’à la fin.'
        ]
      },
      fairemail: {
        steps: [
          'Ouvrez les paramètres principaux. Au premier démarrage, ils s’ouvrent d’eux-mêmes.',
          'Lancez l’assistant de configuration rapide et choisissez [Autre fournisseur].',
          'Saisissez votre nom, {address} et votre mot de passe, puis touchez [Vérifier].',
          'FairEmail trouve les paramètres. Enregistrez-les.'
        ]
      },
      deltaChat: {
        steps: [
          'Choisissez de créer un profil, puis d’utiliser votre propre adresse e-mail.',
          'Saisissez {address} et votre mot de passe, puis confirmez.',
          'Delta Chat trouve lui-même les paramètres.'
        ],
        note: 'Delta Chat conserve ses messages dans votre messagerie. Une adresse réservée aux discussions garde votre boîte de réception en ordre.'
      },
      davx5: {
        steps: [
          'Touchez [+] et choisissez [Connexion avec une URL et un nom d’utilisateur].',
          'Saisissez {dav} sous [URL de base] et {login} sous [Nom d’utilisateur], puis votre mot de passe, et touchez [Se connecter].',
          'Saisissez {address} sous [Nom du compte] et touchez [Ajouter un compte].',
          'Cochez les agendas et les contacts que vous voulez sur votre téléphone.'
        ],
        note: 'DAVx⁵ apporte les agendas et les contacts dans les applications de votre téléphone Android. Pour les messages, il vous faut en plus un logiciel de messagerie.'
      },
      gmail: {
        steps: [
          'Touchez votre photo de profil en haut à droite, puis [Ajouter un autre compte].',
          'Choisissez [Autre], saisissez {address} et touchez [Suivant].',
          'Comme type de compte, choisissez {incomingProtocol}.',
          'Saisissez votre mot de passe et touchez [Suivant].',
          'Entrant : nom d’utilisateur {login}, serveur {incoming}, port {incomingPort}, {incomingSecurity}.',
          'Sortant : |nom d’utilisateur {login}, |serveur {outgoing}, port {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'Aide supplémentaire',
    documentation: 'Pages d’aide de {provider}',
    support: 'Contacter l’assistance de {provider}',
    website: 'Site web de {provider}'
  },

  frame: {
    language: 'Langue',
    skip: 'Aller au contenu',
    copy: 'Copier',
    copied: 'Copié',
    print: 'Imprimer',
    footer: 'Cette page ne dépose aucun cookie et n’enregistre rien sur vous.'
  }
}
