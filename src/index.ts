// Sluice as a library: everything that may be imported from 'sluice', and nothing else.
export {
  createBalancer,
  type EmbeddedBalancer,
  type EmbeddedGroup,
  type EmbeddedHost,
  type EmbeddedOptions,
  type EmbeddedService,
} from './app/embedded.ts'
