/**
 * No route of ours has a JSON schema. Why said: Fastify would load its compilers of schemas all the same, for a tenth of
 * the start.
 */
import type { FastifyServerOptions } from 'fastify'

const refuse = () => () => {
  throw new Error('a route has a schema, and nothing that compiles it')
}

export const noSchemas: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse }
}
