/**
 * The setup page in English, the reference for all translations.
 */
import type { Messages } from '../messages.ts'

export const en: Messages = {
  code: 'en',
  name: 'English',
  direction: 'ltr',

  start: {
    title: 'Set up your email',
    lead: 'Enter your email address to see the settings for your mail program, with step-by-step instructions.',
    label: 'Your email address',
    hint: 'You do not need your password here. The address is not stored.',
    button: 'Show my settings',
    notAnAddress: 'This is not a complete email address. Enter it in the form name@example.com.'
  },

  unknown: {
    title: 'No settings for this address',
    lead: 'There are no settings here for addresses that end in {domain}.',
    steps: [
      'Check the spelling of the address, especially the part after the @.',
      'If it is correct, ask your email provider or the person who manages your email.'
    ]
  },

  foreign: {
    title: 'Is this address correct?',
    lead: '{domain} is not one of the domains of {provider}. If you mistyped it, correct the address.',
    own: 'If {domain} is your own domain and its mailboxes are at {provider}, continue.',
    confirm: 'Yes, continue with {domain}'
  },

  missing: {
    title: 'This page does not exist',
    lead: 'The link is incomplete or no longer valid. Enter your email address to see your settings.'
  },

  placeholder: {
    address: 'your email address',
    localPart: 'the part before the @',
    domain: 'your domain'
  },

  setup: {
    title: 'Email settings for {address}',
    providerTitle: 'Email settings for {provider}',
    allSettings: 'All server settings',
    enterAddress: 'Enter your email address to see your own settings.',
    another: 'Enter another address'
  },

  device: {
    heading: 'Your device',
    other: 'Other'
  },

  login: {
    heading: 'Your login',
    username: 'User name',
    password: 'Password',
    plainPassword: 'The password of your mailbox',
    notedPassword: 'The password described in the note',
    note: 'Before you start',
    makePassword: 'Create or change a password'
  },

  servers: {
    heading: 'Mail servers',
    incoming: 'Incoming mail',
    outgoing: 'Outgoing mail',
    protocol: 'Protocol',
    server: 'Server',
    port: 'Port',
    security: 'Connection security',
    authentication: 'Authentication',
    first: 'recommended',
    alternative: 'alternative',
    imapOrPop3:
      'If in doubt, choose IMAP: your mail stays on the server and is the same on all devices. POP3 downloads it to one device.',
    pathPrefix: 'IMAP path prefix'
  },

  security: {
    tls: 'SSL/TLS',
    starttls: 'STARTTLS',
    none: 'None (not encrypted)'
  },

  securityMeaning: {
    tls: 'encrypted from the start',
    starttls: 'encrypted after connecting',
    none: 'others can read your data'
  },

  authentication: {
    password: 'Password',
    'encrypted-password': 'Encrypted password',
    oauth2: 'Sign-in in the browser (OAuth2)',
    gssapi: 'Kerberos (GSSAPI)',
    ntlm: 'NTLM',
    'client-certificate': 'Certificate on your device',
    none: 'None'
  },

  services: {
    heading: 'Calendars, contacts and more',
    service: 'Service',
    address: 'Address',
    kinds: {
      caldav: 'Calendars (CalDAV)',
      carddav: 'Contacts (CardDAV)',
      webdav: 'Files (WebDAV)',
      jmap: 'Mail (JMAP)',
      activesync: 'Mail, calendars and contacts (Exchange ActiveSync)',
      ews: 'Mail, calendars and contacts (Exchange)',
      graph: 'Mail, calendars and contacts (Microsoft Graph)',
      managesieve: 'Mail filters (ManageSieve)'
    },
    webmail: 'Mail in the browser'
  },

  apple: {
    heading: 'Profile for iPhone, iPad and Mac',
    lead: 'A profile enters all settings for you. You only need to enter your password.',
    download: 'Download profile ({size})',
    withName: 'Add your name to the profile',
    nameLabel: 'Your name, as recipients see it',
    nameButton: 'Download with this name',
    phone: 'On iPhone and iPad',
    mac: 'On Mac',
    phoneSteps: [
      'Open this page in Safari, download the profile and tap [Allow].',
      'Open [Settings] and tap [Profile Downloaded] at the top. If you do not see it: [General] → [VPN & Device Management].',
      'Tap [Install] at the top right and follow the instructions. Enter your password when you are asked for it.'
    ],
    macSteps: [
      'Download the profile and double-click the file in the Downloads folder.',
      'Open [System Settings] → [General] → [Device Management]. Before macOS 15: [Privacy & Security] → [Profiles].',
      'Double-click the profile, click [Install] and enter your password when you are asked for it.'
    ],
    eightMinutes: 'Is [Profile Downloaded] gone? It disappears after eight minutes. Simply download the profile again.',
    signed: 'The profile is signed: your device shows it as [Verified].',
    unsigned: 'The profile is not signed: your device shows it as [Not Signed]. You can install it anyway.',
    remove:
      'If you remove the profile in the same place, the account disappears from the device. Your mail stays on the server.',
    quicker: 'The profile on this page is quicker. These are the steps without it:'
  },

  qr: {
    heading: 'Codes for your phone',
    apple: 'iPhone and iPad',
    appleAlt: 'QR code with the address of the profile',
    appleText: 'Point the camera at the code and tap the link. Then continue with the steps for the profile.',
    thunderbird: 'Thunderbird for Android',
    thunderbirdAlt: 'QR code with the settings for Thunderbird for Android',
    thunderbirdText: 'Scan this code inside Thunderbird, not with the camera app.',
    thunderbirdSteps: [
      'Open Thunderbird. The first time, tap [Get started] → [Import settings]. Later, tap [Settings] → [Import settings].',
      'If you are asked what to import from, choose [Scan QR code].',
      'Point the camera at the code on this page, and confirm.',
      'Tap [Import] and enter your password.'
    ],
    asText: 'Show as text',
    noPassword: 'The codes do not contain your password.'
  },

  programs: {
    heading: 'Which program do you use?',
    others: 'Another program, or setup without a profile',
    byHand: 'If your program does not find the settings, enter these values.',
    exchange: 'Enter {address}. Outlook finds the Exchange server and asks you to sign in.',
    generic: [
      'Open {program} and add an account. The first time, it asks for one. Later, add it in the settings.',
      'Enter {address} and your password. If you are asked for your provider, choose {incomingProtocol} or the entry for other providers.',
      'If you are asked for servers: incoming {incoming}, port {incomingPort}, {incomingSecurity}; outgoing {outgoing}, port {outgoingPort}, {outgoingSecurity}; user name {login}.'
    ],
    sparkNote: 'Spark sends your address, your password and your mail to the servers of its vendor.',
    steps: {
      iphone: {
        steps: [
          'Open [Settings] → [Apps] → [Mail] → [Mail Accounts] → [Add Account]. Before iOS 18: [Settings] → [Mail] → [Accounts].',
          'Tap [Other] → [Add Mail Account]. If you are asked for your address first, enter {address} and choose to add another mail account.',
          'Enter your name, {address} and your password, and tap [Next].',
          'Choose [{incomingProtocol}]. Under [Incoming Mail Server] enter {incoming}, the user name {login} and your password.',
          'Under [Outgoing Mail Server] enter {outgoing}|, and again {login} and your password, even where it says [Optional]|.',
          'Tap [Next] and then [Save].'
        ]
      },
      mac: {
        steps: [
          'Open Mail and choose [Mail] → [Add Account…] in the menu bar.',
          'Choose [Other Mail Account…] and click [Continue].',
          'Enter your name, {address} and your password, and click [Sign In].',
          'If Mail asks for the servers: user name {login}, account type {incomingProtocol}, incoming mail server {incoming}, outgoing mail server {outgoing}.',
          'Click [Sign In] and then [Done].'
        ]
      },
      thunderbird: {
        steps: [
          'Open the menu ≡ at the top right and choose [Add Account] → [Email]. The first time, this window opens automatically.',
          'Enter your name and {address}, and click [Continue].',
          'Thunderbird finds the settings. Click [Continue].',
          'Enter your password and click [Continue].'
        ],
        note: 'If Thunderbird finds no settings, click [Configure Manually] and enter the values from the tables on this page.'
      },
      thunderbirdAndroid: {
        steps: [
          'The first time, tap [Get started] and [Add an email account now]. Later, tap [Settings] → [Add account].',
          'Enter {address} and tap [Next].',
          'Thunderbird finds the settings. Enter your password and tap [Next].',
          'Enter your name and tap through to the end.'
        ]
      },
      k9: {
        steps: [
          'The first time, tap [Get started]. Later, tap [Settings] → [Add account].',
          'Enter {address} and tap [Next].',
          'K-9 Mail finds the settings. Enter your password and tap [Next].',
          'Enter your name and tap through to the end.'
        ]
      },
      outlookClassic: {
        steps: [
          'Click [File] → [Add Account].',
          'Enter {address}. Open [Advanced options], tick [Let me set up my account manually] and click [Connect].',
          'Choose [{incomingProtocol}].',
          'Incoming mail: server {incoming}, port {incomingPort}, encryption {incomingSecurity}.',
          'Outgoing mail: server {outgoing}, port {outgoingPort}, encryption {outgoingSecurity}. Click [Next].',
          'Enter your password and click [Connect]. If Outlook asks for a user name, enter {login}.'
        ]
      },
      outlookNew: {
        steps: [
          'Open the settings (the cog at the top right), choose [Accounts] and click [Add account].',
          'Enter {address} and click [Continue].',
          'Enter your password. If you are asked for a provider, choose [{incomingProtocol}].',
          'If you are asked for servers: incoming {incoming}, port {incomingPort}, {incomingSecurity}; outgoing {outgoing}, port {outgoingPort}, {outgoingSecurity}; user name {login}.'
        ],
        note: 'The new Outlook and Outlook for phones send your address, your password and your mail to the Microsoft cloud, which then fetches your mail for you.'
      },
      evolution: {
        steps: [
          'Choose [Edit] → [Accounts], click [Add] and choose [Mail Account].',
          'Enter your name and {address}. Leave [Look up mail server details based on the entered e-mail address] ticked and click [Next].',
          'Evolution finds the settings. Click [Next] until the end and then [Apply].',
          'Enter your password when you are asked for it.'
        ]
      },
      kmail: {
        steps: [
          'Choose [Settings] → [Add Account…]. The first time, the assistant opens automatically.',
          'Enter your name, {address} and your password.',
          'KMail finds the settings. Follow the assistant to the end.'
        ]
      },
      fairemail: {
        steps: [
          'Open the main settings. The first time, they open automatically.',
          'Start the wizard for the quick setup and choose [Other provider].',
          'Enter your name, {address} and your password, and tap [Check].',
          'FairEmail finds the settings. Save them.'
        ]
      },
      deltaChat: {
        steps: [
          'Choose to create a profile and then to use your own email address.',
          'Enter {address} and your password, and confirm.',
          'Delta Chat finds the settings.'
        ],
        note: 'Delta Chat keeps its messages in your mailbox. A separate address for chats keeps your inbox tidy.'
      },
      davx5: {
        steps: [
          'Tap [+] and choose [Login with URL and user name].',
          'Enter {dav} under [Base URL], {login} under [User name] and your password, and tap [Login].',
          'Enter {address} under [Account name] and tap [Add account].',
          'Tick the calendars and contacts that you want on your phone.'
        ],
        note: 'DAVx⁵ brings calendars and contacts into the apps of your Android phone. For your mail, you need a mail program as well.'
      },
      gmail: {
        steps: [
          'Tap your profile picture at the top right and then [Add another account].',
          'Choose [Other], enter {address} and tap [Next].',
          'Choose {incomingProtocol} as the account type.',
          'Enter your password and tap [Next].',
          'Incoming: user name {login}, server {incoming}, port {incomingPort}, {incomingSecurity}.',
          'Outgoing: |user name {login}, |server {outgoing}, port {outgoingPort}, {outgoingSecurity}.'
        ]
      }
    }
  },

  help: {
    heading: 'More help',
    documentation: '{provider} help pages',
    support: 'Contact {provider} support',
    website: '{provider} website'
  },

  frame: {
    language: 'Language',
    skip: 'Skip to content',
    copy: 'Copy',
    copied: 'Copied',
    print: 'Print',
    footer: 'This page sets no cookies and stores nothing about you.'
  }
}
