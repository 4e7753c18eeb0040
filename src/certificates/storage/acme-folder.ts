/**
 * Where the files of a certificate authority are. Why a folder for each: a certificate of a test authority must not be taken for
 * one of the real authority after the settings have changed.
 */
import { dirname, join, resolve } from 'node:path'
import { type AcmeSettings, defaultDirectory, defaultStorage } from '../../settings/check/tls.ts'
import { type CertificateStorage, openCertificateStorage } from './certificate-storage.ts'

/** @param file the settings file: names in it are relative to its folder */
export function openStorageOf(
  { storage = defaultStorage, directory = defaultDirectory }: AcmeSettings,
  file: string
): CertificateStorage {
  const { host, pathname } = new URL(directory)
  const name = `${host}${pathname}`.replace(/[^A-Za-z0-9.]/g, '-')
  return openCertificateStorage(join(resolve(dirname(file), storage), name))
}
