// Sluice as a library: everything that may be imported from 'sluice', and nothing else.
export {
  type AskFunction,
  type AskQuestion,
  type Balancer,
  BalancerError,
  type Change,
  createBalancer,
  type EmbeddedBalancer,
  type EmbeddedGroup,
  type EmbeddedHost,
  type EmbeddedOptions,
  type EmbeddedService,
  type ErrorCode,
} from './app/embedded.ts'
