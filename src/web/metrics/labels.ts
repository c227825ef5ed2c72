// By what the samples of one metric differ. The number of samples is bounded by the configuration alone.

/** Values are names out of the configuration or fixed words; never what a client or a host says. */
export type Labels = Readonly<Record<string, string>>

/** A thing that has figures, and its labels. */
export interface Labelled<Thing> {
  readonly thing: Thing
  readonly labels: Labels
}
