// What only some roles may press. Others see everything, and find nothing there to press.
import type { ComponentChildren } from 'preact'
import { useMay } from '../state/commands.ts'

interface CanProps {
  /** By its name in the command table: `drain-host`. */
  readonly command: string
  readonly children: ComponentChildren
  /** In its place for those who may not: the value alone, say. */
  readonly otherwise?: ComponentChildren
}

export function Can({ command, children, otherwise }: CanProps) {
  return <>{useMay(command) ? children : otherwise}</>
}
