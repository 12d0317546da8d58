# The distribution's jars and the archive of their classes. Sourced, not run; $bin is the directory of this file.
home=$(cd "$bin/.." && pwd -P)
class_archive=${HIERA_CLASS_ARCHIVE:-$home/hiera.jsa}

# Always in the same order: a class-data archive is valid for one class path only.
class_path() {
  local jars=("$home"/lib/*.jar) IFS=:
  printf '%s' "${jars[*]}"
}
