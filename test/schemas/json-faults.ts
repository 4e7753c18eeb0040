/**
 * What is wrong with an answer in JSON, whichever it is.
 */
import Type from 'typebox'
import { Compile } from 'typebox/schema'
import { openapi } from '../../src/http/routes/openapi.ts'
import { closedSchema } from './closed-schema.ts'
import { configurationFaults } from './configuration-faults.ts'

const closed = { additionalProperties: false }
const { Settings, Problem } = openapi.components.schemas
const account = Compile(closedSchema(Settings))
const problem = Compile(closedSchema(Problem))

/** No specification is published: what Exchange answers. */
const outlookUrl = Compile(
  Type.Object(
    {
      Protocol: Type.Enum(['ActiveSync', 'AutodiscoverV1', 'EWS', 'Graph']),
      Url: Type.String({ pattern: '^https://[!-~]+$' })
    },
    closed
  )
)
const outlookError = Compile(
  Type.Object(
    {
      ErrorCode: Type.Enum(['MandatoryParameterMissing', 'InvalidUserId', 'InvalidProtocol', 'NotFound']),
      ErrorMessage: Type.String({ minLength: 1 })
    },
    closed
  )
)

export function jsonFaults(body: string, settings: boolean): string[] {
  const value = parse(body)
  if (typeof value !== 'object' || value === null) return ['no object']
  if (settings && 'protocols' in value) return configurationFaults(body)
  const checker = settings ? ('Protocol' in value ? outlookUrl : account) : 'error' in value ? problem : outlookError
  const [, errors] = checker.Errors(value)
  return errors.map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** @returns undefined where the text is no JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
