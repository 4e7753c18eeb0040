/**
 * The systemd unit of the Debian package: that of config/systemd, which is for the npm package, with other paths and a
 * dedicated user.
 */

const changes: readonly (readonly [RegExp, string])[] = [
  [
    /^# Signpost under systemd, from the npm package: .*\n/,
    '# Signpost under systemd, from the Debian package. Change it with: systemctl edit signpost\n'
  ],
  [/^Documentation=.*$/m, 'Documentation=man:signpost(1)'],
  [
    /^ExecStart=.*$/m,
    `# Until the table serves a domain, the unit is skipped, which is no failure; its log says what to do.
ExecCondition=/usr/lib/signpost/is-configured /etc/signpost/signpost.yaml
ExecStart=/usr/bin/signpost serve --config /etc/signpost/signpost.yaml`
  ],
  [/^RestartSec=1$/m, '$&\n# A table or a command line that cannot be used stays so.\nRestartPreventExitStatus=2'],
  [/^# Why 0755: .*\nConfigurationDirectory=signpost\nConfigurationDirectoryMode=.*\n/m, ''],
  [
    /^# A dedicated user that exists only while the service runs\.\nDynamicUser=yes$/m,
    `# Keys and passwords must be readable for this group: chgrp signpost FILE && chmod 640 FILE
User=signpost
Group=signpost`
  ]
]

/** @throws if the unit is not the one that these changes are for */
export function debianUnit(unit: string): string {
  return changes.reduce((text, [before, after]) => {
    if (!before.test(text)) throw new Error(`the unit has nothing like ${before}`)
    return text.replace(before, after)
  }, unit)
}
