/**
 * One request of Thunderbird: releases-comm-central cf9726f, FetchHTTP.sys.mjs.
 */
import { parseJson } from '../../json.ts'
import type { Tracer } from '../model/tracer.ts'
import type { HttpRequest, HttpResponse } from '../model/world.ts'
import { type Jxon, readJxon } from '../xml/jxon.ts'

export interface Fetched {
  readonly tracer: Tracer
  /** The requested URL. */
  readonly asked: string
  /** The URL of the response after redirects, or the requested URL without a response. */
  readonly url: string
  /** A text if it is not XML; undefined if the request failed. */
  readonly document: Jxon | undefined
}

export interface FetchedDocument extends Fetched {
  readonly document: Jxon
}

export async function fetchDocument(request: HttpRequest, tracer: Tracer): Promise<Fetched> {
  // Observed: an XMLHttpRequest follows up to 20 redirects, including those to http.
  const { response, url } = await tracer.follow(request, { most: 20, postBecomesGet: true })
  // Observed: without a response, responseURL is empty, and ServerException contains the requested URL.
  if (response === undefined) return { tracer, asked: request.url, url: request.url, document: undefined }
  return { tracer, asked: request.url, url, document: readBody(response) }
}

export function isFetched(fetched: Fetched): fetched is FetchedDocument {
  return fetched.document !== undefined
}

function readBody({ status, headers, body }: HttpResponse): Jxon | undefined {
  if (status < 200 || status > 299) return undefined
  const type = headers['content-type'] ?? ''
  // Observed: startsWith is case-sensitive. Invalid XML counts as a failed request; other types result in a text.
  if (/^(?:text|application)\/xml/.test(type)) return readJxon(body)
  return /^(?:text|application)\/json/.test(type) ? jsonText(body) : body
}

/** Why: JSON is returned as a text, because it never contains settings. */
function jsonText(body: string): string | undefined {
  return parseJson(body) === undefined ? undefined : body
}
