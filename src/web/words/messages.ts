/**
 * What the page for people says: one object a language, in `languages/`.
 *
 * Texts hold two kinds of marks. `[Settings]` is what a program prints on a button or in a menu, in its own words; a way
 * through menus is `[Settings] → [Mail]`. `{slot}` is a value of `slots`. Nothing else is markup.
 * A step with a slot that has no value for a provider is left out, and so is any other text with one.
 */
import type { Authentication, Protocol, Security } from '../../settings/schema.ts'
import type { ProgramId } from '../sections/program.ts'

/** Values that a text may name. */
export const slots = [
  /** The mail address; without one, `placeholder.address`. */
  'address',
  /** The user name for every server; without an address, a phrase of `placeholder`. */
  'login',
  /** The name of the provider. */
  'provider',
  /** A mail domain, as it was typed. */
  'domain',
  /** IMAP, or POP3 where there is no IMAP. */
  'incomingProtocol',
  /** Host name of the first incoming server. */
  'incoming',
  'incomingPort',
  /** A word of `security`. */
  'incomingSecurity',
  /** Host name of the first outgoing server. */
  'outgoing',
  'outgoingPort',
  'outgoingSecurity',
  /** URL of the calendars, or of the address books where there are no calendars. */
  'dav',
  /** Size of a file with its unit, such as `4 kB`. */
  'size'
] as const

export type Slot = (typeof slots)[number]

/** How one program is set up. */
export interface ProgramSteps {
  /** What the vendor calls the program in this language, where it is not `Program.name`. */
  readonly name?: string
  /** Each one action. */
  readonly steps: readonly string[]
  /** What is good to know besides; shown after the steps. */
  readonly note?: string
}

export interface Messages {
  /** BCP 47, the shortest that says it: `de`. */
  readonly code: string
  /** The language in its own words: `Deutsch`. */
  readonly name: string
  readonly direction: 'ltr' | 'rtl'

  /** The page that asks for the address. */
  readonly start: {
    /** Title and heading. */
    readonly title: string
    /** One or two sentences below the heading. */
    readonly lead: string
    /** Label of the field. */
    readonly label: string
    /** Below the field: what happens with the address. */
    readonly hint: string
    readonly button: string
    /** Shown at the field where what was typed is no mail address. */
    readonly notAnAddress: string
  }

  /** The page for a domain that is not served. */
  readonly unknown: {
    readonly title: string
    /** Names {domain}. */
    readonly lead: string
    /** What to do, each one action. */
    readonly steps: readonly string[]
  }

  /** Any other path: the address of the page is wrong. */
  readonly missing: {
    readonly title: string
    readonly lead: string
  }

  /** Stand where there is no address; each must read well inside a sentence and inside a table. */
  readonly placeholder: {
    readonly address: string
    /** The part of the address before the @. */
    readonly localPart: string
    /** The part after the @. */
    readonly domain: string
  }

  readonly setup: {
    /** Title and heading with an address: names {address}. */
    readonly title: string
    /** Title and heading without one: names {provider}. */
    readonly providerTitle: string
    /** The first sentence: detection usually suffices. */
    readonly lead: string
    /** The second: what the rest of the page is for. */
    readonly otherwise: string
    /** Without an address: that the page shows own values once the address is given; above the same form as at the start. */
    readonly enterAddress: string
    /** Link to the start page. */
    readonly another: string
  }

  /** How to log in: stands first. */
  readonly login: {
    readonly heading: string
    /** Row heading. */
    readonly username: string
    /** Row heading. */
    readonly password: string
    /** Where the provider has no note of its own: which password. */
    readonly plainPassword: string
    /** In its place where there is such a note, which stands before it. */
    readonly notedPassword: string
    /** Heading of the provider's own note on passwords. */
    readonly note: string
    /** Link to the page where (application) passwords are made. */
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
    /** Beside the server that programs should take. */
    readonly first: string
    /** Beside the others of the same protocol. */
    readonly alternative: string
    /** Where there are both: which of the two. */
    readonly imapOrPop3: string
  }

  /** Cells of the tables. */
  readonly security: Readonly<Record<Security, string>>
  readonly authentication: Readonly<Record<Authentication, string>>

  /** Everything that is no mail server. */
  readonly services: {
    readonly heading: string
    /** Column headings. */
    readonly service: string
    readonly address: string
    /** What each is for, with the name of the protocol. */
    readonly kinds: Readonly<Record<Exclude<Protocol, 'imap' | 'pop3' | 'smtp'>, string>>
    /** Row heading: mail in the browser. */
    readonly webmail: string
  }

  /** The Apple profile. */
  readonly apple: {
    readonly heading: string
    readonly lead: string
    /** Link text: names {size}. */
    readonly download: string
    /** Folded away beside the link: a person who wants their own name in the From line puts it into the profile. */
    readonly withName: string
    /** Label of the field for the name. */
    readonly nameLabel: string
    /** Button: downloads the profile with the name. */
    readonly nameButton: string
    /** Headings of the two lists of steps. */
    readonly phone: string
    readonly mac: string
    /** From the tap on the download to the account, each one action. */
    readonly phoneSteps: readonly string[]
    readonly macSteps: readonly string[]
    /** The trap: a profile that waits for eight minutes is gone. */
    readonly eightMinutes: string
    /** What the device says of a profile with a valid signature, and of one without. */
    readonly signed: string
    readonly unsigned: string
    /** How to take the profile off again, and what goes with it. */
    readonly remove: string
    /** In the steps of iPhone and Mac, which set up by hand: the profile is quicker. */
    readonly quicker: string
  }

  /** Pictures for the camera of a phone. */
  readonly qr: {
    readonly heading: string
    /** Heading, text in place of the picture, and text beside it. */
    readonly apple: string
    readonly appleAlt: string
    readonly appleText: string
    readonly thunderbird: string
    readonly thunderbirdAlt: string
    /** Must say: inside the app, not with the camera. */
    readonly thunderbirdText: string
    /** Each one action. */
    readonly thunderbirdSteps: readonly string[]
    /** Folded away below a picture: what it says, as text. */
    readonly asText: string
    /** Neither picture holds a password. */
    readonly noPassword: string
  }

  readonly programs: {
    readonly heading: string
    readonly lead: string
    /** After the steps of programs that detect: what to do where they do not. */
    readonly byHand: string
    readonly steps: Readonly<Record<ProgramId, ProgramSteps>>
  }

  readonly help: {
    readonly heading: string
    /** Before the links to the provider's help pages. */
    readonly documentation: string
    /** Link texts: name {provider}. */
    readonly support: string
    readonly website: string
  }

  /** What surrounds every page. */
  readonly frame: {
    /** Label of the menu of languages. */
    readonly language: string
    /** First link of the page, for keyboards. */
    readonly skip: string
    /** Button that copies a value, and what it says afterwards. */
    readonly copy: string
    readonly copied: string
    /** Button that prints the page. */
    readonly print: string
    /** At the bottom: nothing is stored. */
    readonly footer: string
  }
}
