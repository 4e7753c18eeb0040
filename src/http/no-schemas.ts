/**
 * Keeps Fastify from loading its schema compilers. Why: no route has a JSON schema, and loading them takes a tenth of the start.
 */
import type { FastifyServerOptions } from 'fastify'

const refuse = () => () => {
  throw new Error('a route has a schema, and nothing that compiles it')
}

export const noSchemas: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse }
}
