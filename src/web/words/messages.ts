/**
 * Texts of the setup page, with one object for each language in `languages/`.
 *
 * Texts can contain three kinds of marks. `[Settings]` is the label of a button or menu in a program; a path through menus is
 * `[Settings] → [Mail]`. `{slot}` is a value of `slots`. Texts and steps with a slot for which a provider has no value are omitted,
 * except for slots in an optional part, `|and {slot}|`: then only this part is omitted. There is no other markup.
 */
import type { Authentication, Protocol, Security } from '../../settings/schema.ts'

/** Values that texts can contain. */
export const slots = [
  /** The mail address; without one, `placeholder.address`. */
  'address',
  /** The user name for the server that the text is about; without an address, a phrase of `placeholder`. */
  'login',
  /** The name of the provider. */
  'provider',
  /** A mail domain as it was typed. */
  'domain',
  /** IMAP, or POP3 if there is no IMAP server. */
  'incomingProtocol',
  /** Host name of the first incoming server. */
  'incoming',
  'incomingPort',
  /** A text of `security`. */
  'incomingSecurity',
  /** Host name of the first outgoing server. */
  'outgoing',
  'outgoingPort',
  'outgoingSecurity',
  /** URL of the calendars, or of the address books if there are no calendars. */
  'dav',
  /** Size of a file with its unit, such as `4 kB`. */
  'size',
  /** Name of the program that a guide is about. */
  'program'
] as const

export type Slot = (typeof slots)[number]

/** The programs whose menus are documented. */
export const documentedIds = [
  'iphone',
  'mac',
  'thunderbird',
  'thunderbirdAndroid',
  'k9',
  'outlookClassic',
  'outlookNew',
  'evolution',
  'kmail',
  'fairemail',
  'deltaChat',
  'davx5',
  'gmail'
] as const

export type DocumentedId = (typeof documentedIds)[number]

/** The programs that the page explains. Those whose menus are not documented share their steps. */
export const programIds = [...documentedIds, 'outlook', 'samsung', 'spark', 'emClient', 'geary'] as const

export type ProgramId = (typeof programIds)[number]

/** How one program is set up. */
export interface ProgramSteps {
  /** The name of the program in this language, if it differs from `Program.name`. */
  readonly name?: string
  /** Each one action. */
  readonly steps: readonly string[]
  /** Additional information, shown after the steps. */
  readonly note?: string
}

export interface Messages {
  /** The shortest BCP 47 tag, such as `de`. */
  readonly code: string
  /** The name of the language in that language, such as `Deutsch`. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'

  /** The start page with the form for the address. */
  readonly start: {
    /** Title and heading. */
    readonly title: string
    /** One or two sentences below the heading. */
    readonly lead: string
    /** Label of the field. */
    readonly label: string
    /** Below the field: how the address is used. */
    readonly hint: string
    readonly button: string
    /** Error for a text that is not a mail address. */
    readonly notAnAddress: string
  }

  /** The page for a domain that is not served. */
  readonly unknown: {
    readonly title: string
    /** Contains {domain}. */
    readonly lead: string
    /** What to do, one action for each step. */
    readonly steps: readonly string[]
  }

  /** The page before the settings of a domain that is not one of the provider's. */
  readonly foreign: {
    readonly title: string
    /** A typing error? Contains {domain} and {provider}. The form with the address follows. */
    readonly lead: string
    /** For customers with their own domain: contains {domain} and {provider}. */
    readonly own: string
    /** Button that leads to the settings: contains {domain}. */
    readonly confirm: string
  }

  /** The page for an unknown path. */
  readonly missing: {
    readonly title: string
    readonly lead: string
  }

  /** Replace missing values. Each must fit inside a sentence and inside a table. */
  readonly placeholder: {
    readonly address: string
    /** The part of the address before the @. */
    readonly localPart: string
    /** The part after the @. */
    readonly domain: string
  }

  readonly setup: {
    /** Title and heading with an address: contains {address}. */
    readonly title: string
    /** Title and heading without an address: contains {provider}. */
    readonly providerTitle: string
    /** Link to the tables with all servers. */
    readonly allSettings: string
    /** Above the form on a page without an address: the page shows the person's own settings after entering it. */
    readonly enterAddress: string
    /** Link to the start page. */
    readonly another: string
  }

  /** Links to the same page for other devices. */
  readonly device: {
    /** Label of the links. */
    readonly heading: string
    /** Any device that is not listed. */
    readonly other: string
  }

  /** The login. */
  readonly login: {
    readonly heading: string
    /** Row heading. */
    readonly username: string
    /** Row heading. */
    readonly password: string
    /** Which password to use, if the provider has no note. */
    readonly plainPassword: string
    /** The same, if the provider has a note, which is shown before. */
    readonly notedPassword: string
    /** Heading of the provider's note about passwords. */
    readonly note: string
    /** Link to the page for creating (application) passwords. */
    readonly makePassword: string
  }

  readonly servers: {
    readonly heading: string
    /** Captions of the two tables. */
    readonly incoming: string
    readonly outgoing: string
    /** Column headings. */
    readonly protocol: string
    readonly server: string
    readonly port: string
    readonly security: string
    readonly authentication: string
    /** Label of the server that programs should use. */
    readonly first: string
    /** Label of other servers of the same protocol. */
    readonly alternative: string
    /** Which protocol to choose if there are both. */
    readonly imapOrPop3: string
    /** Label of the prefix of all folders, as Apple's programs call it. */
    readonly pathPrefix: string
  }

  /** Cells of the tables. */
  readonly security: Readonly<Record<Security, string>>
  /** What each of them means, in a few words, below it. */
  readonly securityMeaning: Readonly<Record<Security, string>>
  readonly authentication: Readonly<Record<Authentication, string>>

  /** Services other than mail servers. */
  readonly services: {
    readonly heading: string
    /** Column headings. */
    readonly service: string
    readonly address: string
    /** Purpose of each service, with the name of the protocol. */
    readonly kinds: Readonly<Record<Exclude<Protocol, 'imap' | 'pop3' | 'smtp'>, string>>
    /** Row heading of the webmail. */
    readonly webmail: string
  }

  /** The Apple profile. */
  readonly apple: {
    readonly heading: string
    readonly lead: string
    /** Link text: contains {size}. */
    readonly download: string
    /** Heading of the folded form for adding the person's name to the profile, for the From header. */
    readonly withName: string
    /** Label of the field for the name. */
    readonly nameLabel: string
    /** Button that downloads the profile with the name. */
    readonly nameButton: string
    /** Headings of the two lists of steps. */
    readonly phone: string
    readonly mac: string
    /** From the download to the account, three steps each. */
    readonly phoneSteps: readonly string[]
    readonly macSteps: readonly string[]
    /** Warning: a downloaded profile disappears after eight minutes. */
    readonly eightMinutes: string
    /** How the device labels profiles with a valid signature, and those without one. */
    readonly signed: string
    readonly unsigned: string
    /** How to remove the profile, and what is removed with it. */
    readonly remove: string
    /** Before the steps for manual setup on iPhone and Mac: the profile is quicker. */
    readonly quicker: string
  }

  /** QR codes for phones. */
  readonly qr: {
    readonly heading: string
    /** Heading, text for screen readers, and text next to the code. */
    readonly apple: string
    readonly appleAlt: string
    readonly appleText: string
    readonly thunderbird: string
    readonly thunderbirdAlt: string
    /** Must say that the code is scanned inside the app, not with the camera. */
    readonly thunderbirdText: string
    /** One action for each step. */
    readonly thunderbirdSteps: readonly string[]
    /** Heading of the folded text of a code. */
    readonly asText: string
    /** The codes contain no password. */
    readonly noPassword: string
  }

  readonly programs: {
    /** Question above the links to the guides. */
    readonly heading: string
    /** The same on a page with a profile, which needs none of them. */
    readonly others: string
    /** Link to the tables, after the guides: what to do if a program finds no settings. */
    readonly byHand: string
    /** Last step of Outlook where the provider sends it to an Exchange service; contains {address}. */
    readonly exchange: string
    /** Steps of programs whose menus are not documented. The first one adds an account and contains {program}. */
    readonly generic: readonly string[]
    /** Spark passes mail and password to its vendor. */
    readonly sparkNote: string
    readonly steps: Readonly<Record<DocumentedId, ProgramSteps>>
  }

  readonly help: {
    readonly heading: string
    /** Before the links to the provider's help pages. */
    readonly documentation: string
    /** Link texts: contain {provider}. */
    readonly support: string
    readonly website: string
  }

  /** Texts on all pages. */
  readonly frame: {
    /** Label of the language menu. */
    readonly language: string
    /** First link of the page, for keyboard users. */
    readonly skip: string
    /** Button that copies a value, and the message afterwards. */
    readonly copy: string
    readonly copied: string
    /** Button that prints the page. */
    readonly print: string
    /** Footer: nothing is stored. */
    readonly footer: string
  }
}
