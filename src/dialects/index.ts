/**
 * All dialects that are served. Add new ones here.
 */
import { api } from './api.ts'
import { apple } from './apple/profile.ts'
import type { Dialect } from './dialect.ts'
import { outlook } from './outlook/autodiscover.ts'
import { outlookJson } from './outlook/json.ts'
import { pacc } from './pacc.ts'
import { thunderbird } from './thunderbird/autoconfig.ts'
import { wellKnown } from './well-known.ts'

export const dialects: readonly Dialect[] = [thunderbird, outlook, outlookJson, apple, pacc, wellKnown, api]
