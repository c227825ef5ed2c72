// Every rule about C++ against a planted fault, and against the nearest thing that is no fault.
import { expect, test } from 'vitest'
import {
  kernelCalls,
  longFunctions,
  prints,
  unguardedHeaders,
  usings,
  wrongIncludes,
} from './native-rules.ts'
import type { SourceFile } from './rules.ts'

test('Node-API outside addon is reported, whichever way it is included', () => {
  const files = [
    file('core/a.cc', '#include <napi.h>\n#include <vector>'),
    file('core/b.h', '#include "node_api.h"'),
    file('test/c.cc', '  #  include <uv.h>'),
    file('addon/d.cc', '#include <napi.h>\n#include <node_api.h>'),
    file('core/e.cc', '#include "core/networks.h"\n// #include <napi.h>'),
  ]
  expect(wrongIncludes(files)).toEqual([
    'core/a.cc: napi.h belongs into addon/',
    'core/b.h: node_api.h belongs into addon/',
    'test/c.cc: uv.h belongs into addon/',
  ])
})

test('core includes itself alone, and only tests include tests', () => {
  const files = [
    file('core/a.cc', '#include "addon/exports.h"'),
    file('core/b.cc', '#include "relay.h"'),
    file('addon/c.cc', '#include "test/check.h"\n#include "core/engine.h"'),
    file('test/d.cc', '#include "core/engine.h"\n#include "test/check.h"'),
  ]
  expect(wrongIncludes(files)).toEqual([
    'core/a.cc: core may not include addon/exports.h',
    'core/b.cc: core may not include relay.h',
    'addon/c.cc: addon may not include test/check.h',
  ])
})

test('a header without a guard is reported, a source file is not', () => {
  const files = [
    file('core/a.h', '// Owns a.\n#pragma once\n'),
    file('core/b.h', '// Owns b.\n#ifndef SLUICE_B_H_\n#define SLUICE_B_H_\n#endif\n'),
    file('core/c.h', '// Says #pragma once, and has none.\n'),
    file('core/d.cc', ''),
  ]
  expect(unguardedHeaders(files)).toEqual(['core/c.h: has no #pragma once'])
})

test('a call of the kernel is reported outside its seam, one of ours is not', () => {
  const files = [
    file('core/system.cc', 'return recv(fd, bytes, length, 0);'),
    file('core/a.cc', 'a();\nconst int fd = ::accept4(listening, nullptr, nullptr, 0);'),
    file('core/b.h', 'void Go() { if (splice (a, b)) epoll_wait(c, d, e, f); }'),
    file('addon/c.cc', 'setsockopt(fd, 1, 2, &on, sizeof on);'),
    file('test/d.cc', 'close(fd);'),
    file('core/e.cc', '// recv(fd)\nsys::Recv(fd, b, 1);\nroute.connect(host);\nat->close(1);'),
    file('core/f.h', 'int socket() const { return socket_; }\nepoll_event events[8];'),
    file('core/g.cc', 'OnConnect(1);\nreconnect(2);\nlast_send(3);'),
  ]
  expect(kernelCalls(files, 'core/system.cc')).toEqual([
    'core/a.cc:2: accept4(',
    'core/b.h:1: splice (',
    'addon/c.cc:1: setsockopt(',
  ])
})

test('printing is reported where the engine is silent', () => {
  const files = [
    file('core/a.cc', 'std::cerr << 1;'),
    file('addon/b.cc', 'fprintf(stderr, "x");'),
    file('core/c.cc', 'snprintf(text, sizeof text, "printf");'),
    file('test/d.cc', 'std::printf("x");'),
  ]
  expect(prints(files)).toEqual(['core/a.cc:1: cerr', 'addon/b.cc:1: fprintf'])
})

test('a namespace opened wholesale is reported, one name out of it is not', () => {
  const files = [
    file('core/a.cc', 'using namespace std;'),
    file('core/b.cc', 'using std::swap;\nnamespace sluice {}'),
  ]
  expect(usings(files)).toEqual(['core/a.cc:1: using namespace'])
})

test('a long function is reported once, wherever it stands, a long class or table is not', () => {
  const body = (lines: number) => '  a();\n'.repeat(lines)
  const files = [
    file('core/a.cc', `\nint A(int b) {\n  if (b) {\n${body(56)}  }\n}\n`),
    file('core/b.cc', `int B(int a,\n      int b) {\n${body(58)}}\nint F() {\n${body(58)}}\n`),
    file('core/c.h', `class alignas(8) C {\n  int D() {\n${body(59)}  }\n};\n`),
    file('core/d.h', `class D : E {\n${body(90)}};\nnamespace sluice {\n${body(90)}}\n`),
    file('core/e.cc', `const int kAll[] = {\n${body(90)}};\n`),
    file('core/f.cc', `F::F(int a)\n    : b_{a}, c_(a) {\n${body(59)}}\n`),
    file('core/g.cc', `template <class T>\nvoid G(T a) {\n${body(62)}  b("}");  // }\n}\n`),
  ]
  expect(longFunctions(files)).toEqual([
    'core/c.h:2: 61 lines, split above 60',
    'core/f.cc:2: 61 lines, split above 60',
    'core/g.cc:2: 65 lines, split above 60',
  ])
})

function file(path: string, text: string): SourceFile {
  return { path, text }
}
