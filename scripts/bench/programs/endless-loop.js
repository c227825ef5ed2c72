// Takes a whole CPU and does nothing with it: what an operator's loop costs the machine, without Sluice. Says so first.
process.stdout.write('looping\n', () => {
  for (;;);
})
