#!/usr/bin/env node
// The process entry: runs the command line and ends with its status.
import { runCommandLine } from './cli.ts'

// Whoever reads our output may leave: what is written then is lost, and nothing else happens. Without a listener
// each lost line would be an uncaught exception, and logging that one would be the next.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

process.exitCode = await runCommandLine(process.argv.slice(2))
