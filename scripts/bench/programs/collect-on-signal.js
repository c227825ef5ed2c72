// Loaded into Node peers before their own program (`node --expose-gc --import`), so that the bench can
// ask for a garbage collection with SIGUSR2 without the program knowing. Only where memory is measured.
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
})
