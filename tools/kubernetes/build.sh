#!/usr/bin/env bash
# Builds the parts of a real Kubernetes control plane from published Go modules, once: what the cache holds is left alone.
#
#   build.sh [PART...]            all parts, or those named
#   build.sh --check [PART...]    builds nothing: tells by its exit code whether the parts are there or Go is, to build them
#
# Parts: etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubectl-1.32 kwok kwok.yaml.
# Prints one line `PART=PATH` for each on standard output, and how it gets on, on standard error.
# The cache is LMOS_KUBERNETES_CACHE, otherwise ${XDG_CACHE_HOME:-~/.cache}/lmos/kubernetes, with a folder for each version.
# Go is needed only for what is missing there. From nothing it takes about ten minutes on two cores and 4 GB of Go's own caches.
set -euo pipefail
cd "$(dirname "$0")"

cache=${LMOS_KUBERNETES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lmos/kubernetes}
all=(etcd kube-apiserver kube-controller-manager kube-scheduler kubectl kubectl-1.32 kwok kwok.yaml)

# required FOLDER MODULE: the version that a go.mod asks for.
required() {
  sed -nE "s#^(require )?[[:space:]]*$2 (v[^ ]+).*#\2#p" "$1/go.mod" | head -n 1
}

kubernetes=$(required . k8s.io/kubernetes)
old=$(required kubectl-1.32 k8s.io/kubectl)
kwok=$(required kwok sigs.k8s.io/kwok)
old_kubernetes=v1.${old#v0.}

path_of() {
  case $1 in
    kubectl-1.32) echo "$cache/kubectl-$old_kubernetes/kubectl" ;;
    kwok | kwok.yaml) echo "$cache/kwok-$kwok/$1" ;;
    *) echo "$cache/$kubernetes/$1" ;;
  esac
}

# stamp VERSION: linker flags that give the binaries their version; without them kubectl and helm cannot read it.
stamp() {
  local name=k8s.io/component-base/version minor=${1#v1.}
  echo "-s -w -X $name.gitVersion=$1 -X $name.gitMajor=1 -X $name.gitMinor=${minor%%.*} -X $name.gitTreeState=clean" \
    "-X $name.gitCommit=published-module -X $name.buildDate=1970-01-01T00:00:00Z"
}

# compile TARGET FOLDER PACKAGE FLAGS
compile() {
  (cd "$2" && CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags "$4" -o "$1" "$3")
}

# The stages of a node that is always well and of Pods that start at once; kwok brings them as files of its module.
kwok_stages() {
  local module stage
  module=$(cd kwok && go mod download && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
    pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
    cat "$module/$stage.yaml"
    echo ---
  done >"$1"
}

# build PART TARGET
build() {
  case $1 in
    etcd) compile "$2" . ./etcd "-s -w" ;;
    kubectl-1.32) compile "$2" kubectl-1.32 . "$(stamp "$old_kubernetes")" ;;
    kwok) compile "$2" kwok sigs.k8s.io/kwok/cmd/kwok "-s -w" ;;
    kwok.yaml) kwok_stages "$2" ;;
    *) compile "$2" . "k8s.io/kubernetes/cmd/$1" "$(stamp "$kubernetes")" ;;
  esac
}

check=
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi

missing=()
for part in "${@:-${all[@]}}"; do
  [[ " ${all[*]} " == *" $part "* ]] || { echo "there is no part $part; parts: ${all[*]}" >&2; exit 2; }
  [ -s "$(path_of "$part")" ] || missing+=("$part")
done

if [ "${#missing[@]}" -gt 0 ] && ! command -v go >/dev/null; then
  echo "Go is not installed and the cache $cache lacks ${missing[*]}" >&2
  exit 1
fi
[ -z "$check" ] || exit 0

done=0
for part in "${missing[@]}"; do
  target=$(path_of "$part")
  begun=$SECONDS
  done=$((done + 1))
  echo "[$done/${#missing[@]}] building $part (a first build takes minutes)" >&2
  mkdir -p "$(dirname "$target")"
  rm -f "$target".building.*
  build "$part" "$target.building.$$" >&2
  mv "$target.building.$$" "$target" # a build that was cut off never looks like one that was not
  echo "[$done/${#missing[@]}] built $part in $((SECONDS - begun)) s: $target" >&2
done

for part in "${@:-${all[@]}}"; do echo "$part=$(path_of "$part")"; done
