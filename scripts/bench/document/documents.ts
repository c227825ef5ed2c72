// Large documents as operators would have them: one host a line, a comment here and there.

/** How many services, and how many hosts in the one group of each. */
export interface Shape {
  readonly services: number
  readonly hosts: number
}

export function documentOf({ services, hosts }: Shape): string {
  const body = Array.from({ length: services }, (_, service) => serviceOf(service, hosts))
  return `<?xml version="1.0"?>
<config>
${body.join('\n')}
  <admin>
    <ssh listen="127.0.0.1:2222" enable="true" />
  </admin>
</config>
`
}

function serviceOf(service: number, hosts: number): string {
  const lines = Array.from({ length: hosts }, (_, host) => {
    const address = `10.${service}.${host >> 8}.${host & 255}:80`
    const comment = host % 100 === 0 ? '      <!-- another rack -->\n' : ''
    return `${comment}      <host name="h${host}" ip="${address}" weight="${1 + (host % 9)}" />`
  })
  return `  <service name="s${service}">
    <listen ip="127.0.0.1:${10_000 + service}" />
    <group name="main" scheduler="leastconns" enable="true">
${lines.join('\n')}
    </group>
  </service>`
}
