# Settings of the JVM and of native libraries that every way to start the hiera command shares. Sourced, not run.
java=java
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; fi
if ! command -v "$java" > /dev/null; then
  echo "hiera: found no '$java': install Java 17 or later, or set JAVA_HOME" >&2
  exit 1
fi

# The optimising compiler waits ten times as long as usual: at the start of a process it takes the processors from the model. Loops over pixels
# and samples reach it within the first files.
# Pixels and results lie in direct memory, which is collected when the limit here is reached.
# Native access: Java 24 and later would report every library that loads native code.
jvm_options=(-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000
  -XX:Tier4BackEdgeThreshold=400000 -Dfile.encoding=UTF-8 -XX:+UseSerialGC -XX:-UsePerfData -XX:MaxDirectMemorySize=2g -Djava.awt.headless=true
  -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 --enable-native-access=ALL-UNNAMED)
if [ -t 2 ]; then jvm_options+=(-Dhiera.terminal=true); fi # progress bars are for people
read -r -a user_options <<< "${HIERA_JAVA_OPTIONS:-}" || true

# Class-data sharing: classes stored parsed, so that a process starts in a fraction of the time. The JVM passes over an archive that was
# made for other jars or another Java, and says so; its warnings go to standard error, as standard output holds results.
use_class_archive() { # ARCHIVE
  if [ -f "$1" ]; then jvm_options+=(-Xshare:auto -XX:SharedArchiveFile="$1" -Xlog:disable -Xlog:all=warning:stderr); fi
}

# A JVM crashes on half an archive: it gets its name when it is whole. First a run that lists the classes, then their storage with all the JDK's
# own: an archive on top of the JDK's cannot hold classes compiled for the oldest Javas, such as those of the command line's parser.
make_class_archive() { # ARCHIVE CLASS_PATH
  local temporary status=0
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/hiera-classes.XXXXXX") || return 1
  "$java" "${jvm_options[@]}" -XX:DumpLoadedClassList="$temporary/classes" -cp "$2" io.github.hiera4j.cli.StartUpClasses "$temporary" > /dev/null &&
    "$java" -XX:+UseSerialGC -Xshare:dump -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$temporary/classes" \
      -XX:SharedArchiveFile="$1.$$" -cp "$2" > /dev/null || status=1
  rm -rf "$temporary"
  if [ "$status" = 0 ] && [ -f "$1.$$" ]; then mv -f "$1.$$" "$1"; else rm -f "$1.$$"; return 1; fi
}

# libtorch takes and gives back large tensors all the time: keep their pages instead of handing them to the kernel.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-17179869184}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-4294967296}
export MALLOC_TOP_PAD_=${MALLOC_TOP_PAD_:-67108864}
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}

# libtorch's OpenBLAS has threads of its own: OpenMP's must not spin for long beside them (ten times slower in float32).
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}
export OPENCV_LOG_LEVEL=${OPENCV_LOG_LEVEL:-OFF} # a damaged image is reported once, by the command

# File names are UTF-8, also where the locale is C or POSIX: the JVM takes their encoding from it.
case $(locale charmap 2> /dev/null || true) in
  UTF-8 | utf8) ;;
  *) unset LC_ALL; export LC_CTYPE=C.UTF-8 ;;
esac
