# Settings of the JVM and of native libraries, shared by all launchers of the hiera command. Sourced, not run.
java=java
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; fi
if ! command -v "$java" > /dev/null; then
  echo "hiera: found no '$java': install Java 17 or later, or set JAVA_HOME" >&2
  exit 1
fi

# The optimising compiler starts ten times as late as usual, because at the start of a process it competes with the model for processors.
# Loops over pixels and samples still reach its threshold within the first files.
# Pixels and results are in direct memory, which is collected when this limit is reached.
# Native access: otherwise Java 24 and later warn about every library that loads native code.
jvm_options=(-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000
  -XX:Tier4BackEdgeThreshold=400000 -Dfile.encoding=UTF-8 -XX:+UseSerialGC -XX:-UsePerfData -XX:MaxDirectMemorySize=2g -Djava.awt.headless=true
  -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 --enable-native-access=ALL-UNNAMED)
if [ -t 2 ]; then jvm_options+=(-Dhiera.terminal=true); fi # progress bars only on a terminal
read -r -a user_options <<< "${HIERA_JAVA_OPTIONS:-}" || true

# Class-data sharing: parsed classes are stored, so that a process starts in a fraction of the time. The JVM ignores an archive that was
# created for other jars or another Java, with a warning; warnings go to standard error, because standard output is for results.
use_class_archive() { # ARCHIVE
  if [ -f "$1" ]; then jvm_options+=(-Xshare:auto -XX:SharedArchiveFile="$1" -Xlog:disable -Xlog:all=warning:stderr); fi
}

# A JVM crashes on an incomplete archive: it is renamed when it is complete.
# The first run lists the classes, the second stores them together with the JDK's own: an archive on top of the JDK's cannot contain classes
# compiled for Java 5, such as those of the command-line parser. Both have the options of later calls: newer JVMs compare some of them.
make_class_archive() { # ARCHIVE CLASS_PATH
  local temporary status=0
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/hiera-classes.XXXXXX") || return 1
  "$java" "${jvm_options[@]}" -XX:DumpLoadedClassList="$temporary/classes" -cp "$2" io.github.hiera4j.cli.StartUpClasses "$temporary" > /dev/null &&
    "$java" "${jvm_options[@]}" -Xshare:dump -Xlog:disable -Xlog:all=error:stderr -XX:SharedClassListFile="$temporary/classes" \
      -XX:SharedArchiveFile="$1.$$" -cp "$2" > /dev/null || status=1
  rm -rf "$temporary"
  if [ "$status" = 0 ] && [ -f "$1.$$" ]; then mv -f "$1.$$" "$1"; else rm -f "$1.$$"; return 1; fi
}

# libtorch constantly allocates and frees large tensors: keep their pages instead of returning them to the kernel.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
export MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-17179869184}
export MALLOC_MMAP_THRESHOLD_=${MALLOC_MMAP_THRESHOLD_:-4294967296}
export MALLOC_TOP_PAD_=${MALLOC_TOP_PAD_:-67108864}
export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}

# libtorch's OpenBLAS has separate threads: OpenMP's must not spin for long at the same time (ten times slower in float32).
export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}
export OPENBLAS_THREAD_TIMEOUT=${OPENBLAS_THREAD_TIMEOUT:-18} # and OpenBLAS's must not spin while OpenMP's work
export OPENCV_LOG_LEVEL=${OPENCV_LOG_LEVEL:-OFF} # a damaged image is reported once, by the command

# File names are UTF-8 even in the C or POSIX locale, from which the JVM would take their encoding.
case $(locale charmap 2> /dev/null || true) in
  UTF-8 | utf8) ;;
  *) unset LC_ALL; export LC_CTYPE=C.UTF-8 ;;
esac
