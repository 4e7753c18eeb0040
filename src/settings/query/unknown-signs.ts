/**
 * Signs of `users.unknown`: `#` stands for a digit, `?` for a small letter.
 */
export const unknownSigns = /[#?]/g

/** What `#` stands for. */
export const unknownDigits = '0123456789'

/** What `?` stands for. */
export const unknownLetters = 'abcdefghijklmnopqrstuvwxyz'
