/**
 * Every page for people, and the choice of its language.
 */
import { toBrand } from '../../settings/brand.ts'
import { icon } from '../frame/icon.ts'
import { chooseLanguage } from '../words/language.ts'
import { missingPage } from './missing-page.ts'
import { personPage } from './person-page.ts'
import { providerPage } from './provider-page.ts'
import { startPage } from './start-page.ts'
import { unknownPage } from './unknown-page.ts'

export const pages = {
  chooseLanguage,
  startPage,
  personPage,
  providerPage,
  unknownPage,
  missingPage,
  icon: icon(toBrand({}, undefined))
}
