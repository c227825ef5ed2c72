#!/usr/bin/env node
// The process entry: runs the command line and ends with its status.
import { runCommandLine } from './cli.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
