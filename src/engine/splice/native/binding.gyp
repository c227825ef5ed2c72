# How node-gyp builds build/Release/splice.node: every .cc of core/ and addon/, listed when the build is configured, so
# that a new file needs no line here. native/ is the include root. scripts/native/addon.js runs it; Linux only.
{
  "targets": [
    {
      "target_name": "splice",
      "sources": ["<!@(find core addon -name '*.cc')"],
      "include_dirs": [".", "<!(node -p \"require('node-addon-api').include_dir\")"],
      # Version 8 of Node-API is in every Node 20, and the addon needs nothing newer.
      # A thread of JavaScript that is ended while it is told of events takes no error any more; that ends it, not the process.
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_DISABLE_CPP_EXCEPTIONS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags": ["-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-pthread"],
      # Sessions spend their time in the kernel; -O2 keeps what is around it small.
      "cflags!": ["-O3", "-Wno-unused-parameter"],
      # Node's own classes have no run-time types; the addon links to none of them.
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-rtti"],
      "cflags_cc": ["-O2", "-std=c++17", "-fvisibility-inlines-hidden"],
      # Whatever is missing is missed when the addon is loaded, not in the middle of a session.
      "ldflags": ["-pthread", "-Wl,-z,now"]
    }
  ]
}
