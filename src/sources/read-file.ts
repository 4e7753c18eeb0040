/**
 * Reads a file as bytes, as text or as a logo, or returns the reason why it cannot be read. Only ordinary files of limited
 * size are read: a FIFO would block the process until someone writes to it, and a device may be endless.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { ReadLogo } from '../settings/load/load.ts'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants

type Bytes = { readonly bytes: Buffer } | { readonly reason: string }
export type Text = { readonly text: string } | { readonly reason: string }

/** Limits in bytes. */
const limits = {
  /** Keys, certificates, passwords. Why: all certificate authorities of a system take 0.3 MiB. */
  text: 4 * 1024 * 1024,
  /** Why: a table of a million domains takes 60 MiB. */
  settings: 256 * 1024 * 1024,
  /** Why: the logo is part of every page. */
  logo: 8 * 1024
}

export function readText(file: string): Text {
  return toText(readBytes(file, limits.text))
}

/** How many bytes all files of a settings table may have together. */
export const settingsBytes = limits.settings

/** Like `readText`, for settings tables. */
export function readSettings(file: string, mostBytes = settingsBytes): Text {
  return toText(readBytes(file, mostBytes))
}

function toText(read: Bytes): Text {
  return 'reason' in read ? read : { text: read.bytes.toString() }
}

const png = Buffer.from('89504e470d0a1a0a', 'hex')

/** What may precede the element: a byte order mark, the declaration, comments, a document type. */
const svg = /^\ufeff?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>[]*>\s*)*<svg[\s>]/s

/**
 * Reads a provider's logo as a data: URL (RFC 2397) that is part of the page.
 *
 * Why an SVG may contain scripts and references: the page shows it in an <img>, where browsers run and load nothing (SVG
 * Integration, "secure static mode"), and the page's Content-Security-Policy forbids both as well.
 */
export function readLogo(file: string): ReturnType<ReadLogo> {
  const read = readBytes(file, limits.logo)
  if ('reason' in read) return { reason: `cannot read ${file}: ${read.reason}` }
  const { bytes } = read
  const type = imageTypeOf(bytes)
  if (type === undefined) return { reason: `found neither SVG nor PNG in ${file}` }
  return { url: `data:${type};base64,${bytes.toString('base64')}` }
}

function imageTypeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, png.length).equals(png)) return 'image/png'
  return svg.test(bytes.toString()) ? 'image/svg+xml' : undefined
}

/** @param mostBytes how many bytes the file may have */
export function readBytes(file: string, mostBytes: number): Bytes {
  try {
    // Why nonblocking: opening a FIFO would wait for its writer. The open file is checked, so it cannot be exchanged.
    const descriptor = openSync(file, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    try {
      return readAll(descriptor, mostBytes)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

/** @returns why a file of any size cannot be read; undefined if it can */
export function whyUnreadable(file: string): string | undefined {
  try {
    const descriptor = openSync(file, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    try {
      return whyUnfit(fstatSync(descriptor))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return reasonOf(error)
  }
}

/** @returns in words why a file or folder cannot be read. @param error of the system */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}

function whyUnfit(status: Stats): string | undefined {
  if (status.isDirectory()) return 'it is a folder'
  return status.isFile() ? undefined : 'it is not an ordinary file'
}

function readAll(descriptor: number, mostBytes: number): Bytes {
  const status = fstatSync(descriptor)
  const reason = whyUnfit(status)
  if (reason !== undefined) return { reason }
  if (status.size > mostBytes) return { reason: `found ${status.size} bytes, expected at most ${mostBytes}` }
  // Why one byte more: it shows that the file has ended. Files of /proc report the size 0, so the size is not enough.
  const chunks: Buffer[] = []
  let total = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(status.size + 1 - total, chunkBytes))
    const count = readSync(descriptor, chunk)
    if (count === 0) return { bytes: Buffer.concat(chunks, total) }
    total += count
    if (total > mostBytes) return { reason: `found more than ${mostBytes} bytes` }
    chunks.push(chunk.subarray(0, count))
  }
}

const chunkBytes = 4096

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  // Spec: open(2): a socket, or a device without a driver.
  ENXIO: 'it is not an ordinary file'
}
