#!/usr/bin/env bash
# The only script a newcomer needs: ./manage_all.sh start. Everything it makes lives in .venv, var and
# frontend/node_modules; deleting them is safe when nothing runs.
set -euo pipefail

# The database's own user must be able to read what root installs here.
umask 022
cd "$(dirname "$0")"
ROOT=$PWD
VENV="$ROOT/.venv"
MADE="$ROOT/var/build" # what was installed and built, so that a second start has nothing to do
VAR=${EXPRESS_BOT_VAR:-$ROOT/var}
# Someone else's Python paths would bring someone else's modules.
unset PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

speaks_english() {
  case "${EXPRESS_BOT_LOCALE:-${LC_ALL:-${LANG:-ru}}}" in
    en* | EN*) return 0 ;;
    *) return 1 ;;
  esac
}

# One sentence in the operator's language: say "по-русски" "in English".
say() {
  if speaks_english; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

fail() {
  say "$@" >&2
  exit 1
}

menu() {
  cat <<'MENU'
./manage_all.sh start     запустить всё и проверить                 start everything and check it
                stop      остановить всё                            stop everything
                restart   остановить и запустить                    stop, then start
                status    работает ли                               is it running
                logs      журналы: logs [программа] [-n 50] [-f]    the logs
                test      все тесты: test [аргументы pytest]        every test
                check     стиль, типы, границы комнат               style, types, borders of the rooms
                help      это меню                                  this menu
Остальное: .venv/bin/express-bot --help                             The rest
MENU
}

# ── Python and what is installed with it ──────────────────────────────────────────────────────────────────────────────

python_is_good() {
  "$1" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' >/dev/null 2>&1
}

find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.14 python3.11 python; do
    if python_is_good "$name"; then
      command -v "$name"
      return
    fi
  done
  local found
  found=$(python3 --version 2>/dev/null || echo "нет / none")
  fail "Нужен Python 3.11 или новее (сейчас: $found): поставьте его или укажите путь в переменной PYTHON." \
    "Python 3.11 or newer is needed (found: $found): install it or name its path in the variable PYTHON."
}

# Changes whenever the environment must be made anew: another lock, other package metadata, another place.
fingerprint() {
  "$PYTHON_FOUND" - "$@" <<'PY'
import hashlib, pathlib, sys
digest = hashlib.sha256(f"{sys.version_info[:2]} {pathlib.Path.cwd()}".encode())
for name in sys.argv[1:]:
    root = pathlib.Path(name)
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file() and "node_modules" not in p.parts)
    for file in files:
        digest.update(str(file).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
print(digest.hexdigest())
PY
}

is_made() { [ "$(cat "$MADE/$1" 2>/dev/null)" = "$2" ]; }

mark_made() { printf '%s\n' "$2" >"$MADE/$1"; }

ensure_disk() {
  local free
  free=$(df -Pk "$ROOT" | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "$free" -lt "$1" ]; then
    fail "На диске свободно $free МБ, для установки нужно $1 МБ: освободите место и повторите." \
      "The disk has $free MB left, the installation needs $1 MB: free some space and run it again."
  fi
}

make_folders() {
  if ! mkdir -p "$MADE" 2>/dev/null || [ ! -w "$MADE" ]; then
    fail "В папку $ROOT нельзя писать: дайте себе права на неё или работайте от её владельца." \
      "The folder $ROOT cannot be written to: give yourself rights or work as its owner."
  fi
}

# Runs a long command with a sign of life; its whole output goes to a log, its last words to the person if it fails.
long_step() {
  local log="$MADE/$1.log" began=$SECONDS beat=0 pid status=0
  say "$2" "$3"
  shift 3
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    beat=$((beat + 1))
    if [ $((beat % 50)) -eq 0 ]; then say "  … $((SECONDS - began)) с" "  … $((SECONDS - began)) s"; fi
  done
  wait "$pid" || status=$?
  trap - INT TERM
  if [ "$status" -ne 0 ]; then explain_failure "$log"; fi
}

explain_failure() {
  if grep -qi 'no space left' "$1"; then
    fail "Кончилось место на диске: освободите его и повторите. Подробности: $1" \
      "The disk is full: free some space and run it again. More: $1"
  fi
  if grep -qiE 'ensurepip|No module named (venv|pip)' "$1"; then
    fail "У этого Python нет модуля venv: поставьте его (в Debian и Ubuntu пакет python3-venv) и повторите." \
      "This Python lacks the module venv: install it (package python3-venv on Debian and Ubuntu) and run it again."
  fi
  if grep -qiE 'connection|resolve|timed out|network|ENOTFOUND|ETIMEDOUT|No matching distribution' "$1"; then
    fail "Не удалось скачать библиотеки: проверьте сеть и настройки pip и npm, затем повторите. Подробности: $1" \
      "Libraries could not be downloaded: check the network and the settings of pip and npm, then run it again. More: $1"
  fi
  fail "Не получилось: $(grep -iE 'error' "$1" | tail -n 1 || tail -n 1 "$1") Подробности: $1" \
    "It did not work: $(grep -iE 'error' "$1" | tail -n 1 || tail -n 1 "$1") More: $1"
}

# An environment works where it was made and with the Python it was made with; a moved folder needs a new one.
environment_is_good() {
  python_is_good "$VENV/bin/python" && [ "$(cat "$VENV/.made-for" 2>/dev/null)" = "$(made_for)" ]
}

made_for() { "$VENV/bin/python" -c 'import os, sys; print(sys.version_info[:2], os.getcwd())'; }

make_environment() {
  rm -rf "$VENV"
  rm -f "$MADE/run" "$MADE/dev"
  long_step environment "Готовим окружение Python…" "Making the Python environment…" "$PYTHON_FOUND" -m venv "$VENV"
  made_for >"$VENV/.made-for"
}

# The environment from one of the locks, and the package itself from its sources.
ensure_environment() {
  local lock=$1 wanted
  PYTHON_FOUND="$VENV/bin/python"
  if ! environment_is_good; then PYTHON_FOUND=$(find_python); fi
  make_folders
  wanted=$(fingerprint "requirements/$lock.lock" pyproject.toml)
  if is_made "$lock" "$wanted" && [ -x "$VENV/bin/express-bot" ]; then return; fi
  ensure_disk 1500
  if ! environment_is_good; then make_environment; fi
  long_step "install-$lock" "Ставим библиотеки, это одна-две минуты…" "Installing libraries, a minute or two…" \
    "$VENV/bin/python" -m pip install --require-hashes --no-compile --progress-bar off -r "requirements/$lock.lock"
  long_step install-package "Ставим сам продукт…" "Installing the product itself…" \
    "$VENV/bin/python" -m pip install --no-deps --no-build-isolation --no-index --editable .
  mark_made "$lock" "$wanted"
  # What the tests need includes what the product runs on.
  if [ "$lock" = dev ]; then mark_made run "$(fingerprint requirements/run.lock pyproject.toml)"; fi
}

# ── The web app ───────────────────────────────────────────────────────────────────────────────────────────────────────

npm_here() {
  (cd frontend && PATH="$VENV/bin:$PATH" npm_config_update_notifier=false "$VENV/bin/npm" "$@")
}

ensure_node_modules() {
  local wanted
  wanted=$(fingerprint frontend/package.json frontend/package-lock.json)
  if is_made node-modules "$wanted" && [ -d frontend/node_modules ]; then return; fi
  long_step node-modules "Ставим инструменты сборки приложения…" "Installing the web app's build tools…" \
    npm_here ci --no-audit --no-fund --prefer-offline
  mark_made node-modules "$wanted"
}

ensure_spa() {
  local wanted
  wanted=$(fingerprint frontend/package-lock.json frontend/index.html frontend/emulator.html frontend/vite.config.ts \
    frontend/tsconfig.json frontend/build frontend/public frontend/src)
  if is_made spa "$wanted" && [ -f src/express_bot/gateway/spa/index.html ] &&
    [ -f src/express_bot/emulator/page/emulator.html ]; then return; fi
  ensure_node_modules
  long_step spa "Собираем приложение…" "Building the web app…" npm_here run build
  mark_made spa "$wanted"
}

# ── Running ───────────────────────────────────────────────────────────────────────────────────────────────────────────

express_bot() { "$VENV/bin/python" -m express_bot.cli "$@"; }

start() {
  ensure_environment run
  ensure_spa
  express_bot up "$@"
}

stop() {
  if [ -x "$VENV/bin/python" ]; then
    express_bot down "$@"
    return
  fi
  # Without its environment the product can still be ended: supervisord stops everything it has started.
  local pid
  pid=$(cat "$VAR/supervisord.pid" 2>/dev/null || true)
  if [ -n "$pid" ] && kill "$pid" 2>/dev/null; then
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
  fi
  say "Остановлено." "Stopped."
}

ask() {
  if [ ! -x "$VENV/bin/python" ]; then
    fail "Ещё не установлено: сначала ./manage_all.sh start" "Not installed yet: run ./manage_all.sh start first"
  fi
  express_bot "$@"
}

# ── Tests and checks ──────────────────────────────────────────────────────────────────────────────────────────────────

# The browser without windows: journeys take two thirds of the time in it. Not every distribution has a package of it, and
# nobody is asked for it alone: whoever has the whole browser goes on with that.
lacks_shell() {
  ! command -v chromium-headless-shell >/dev/null && apt-cache show chromium-headless-shell >/dev/null 2>&1
}

# What the tests start besides the product: a browser, the web server of the upload reference, Redis.
ensure_servers() {
  local missing=() as_root
  command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium fonts-liberation)
  command -v nginx >/dev/null || missing+=(nginx-light)
  command -v redis-server valkey-server >/dev/null || missing+=(redis-server)
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if ! command -v apt-get >/dev/null; then
    fail "Для тестов не хватает программ: ${missing[*]}. Поставьте их и запустите снова." \
      "The tests need programs that are missing: ${missing[*]}. Install them and run again."
  fi
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq
  if lacks_shell; then missing+=(chromium-headless-shell); fi
  say "Ставим программы для тестов: ${missing[*]}…" "Installing programs for the tests: ${missing[*]}…"
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# All tests; with arguments for pytest only what they choose.
run_tests() {
  ensure_servers
  ensure_environment dev
  ensure_spa
  local failed=0
  if [ $# -eq 0 ]; then
    ensure_node_modules
    mkdir -p var/test
    "$VENV/bin/python" tests/domain/make_vectors.py var/test/validation-vectors.json
    npm_here test || failed=1
    # The browser's driver keeps an event loop running in its process, so its journeys have processes of their own.
    # Proofs of faults wait most of their time: a third process uses the pauses.
    run_pytest -n 3 tests --ignore tests/journeys || failed=1
    # Who fails gets one more try there, and the report names it (docs/decisions/0015).
    set -- tests/journeys --reruns 1 -rR
  fi
  # The last line is pytest's own, with the counts.
  run_pytest "$@" || failed=1
  return "$failed"
}

# The order of the files is our own (tests/conftest.py).
run_pytest() {
  PATH="$VENV/bin:$PATH" "$VENV/bin/python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder "$@"
}

run_checks() {
  ensure_environment dev
  ensure_node_modules
  begin_check "mypy" "$VENV/bin/python" -m mypy
  begin_check "eslint" npm_here run --silent lint
  begin_check "tsc" npm_here run --silent typecheck
  begin_check "ruff" "$VENV/bin/ruff" check .
  begin_check "ruff format" "$VENV/bin/ruff" format --check .
  begin_check "import-linter" "$VENV/bin/lint-imports"
  begin_check "shellcheck" "$VENV/bin/shellcheck" manage_all.sh .ci/run
  end_checks
}

CHECKS=()

# All of them at once: each uses one processor.
begin_check() {
  local name=$1
  shift
  "$@" >"$MADE/check $name.log" 2>&1 </dev/null &
  CHECKS+=("$name:$!")
}

# Quiet while all is well, the tool's own words when not.
end_checks() {
  local check name failed=0
  for check in "${CHECKS[@]}"; do
    name=${check%:*}
    if wait "${check##*:}"; then
      printf '  %-14s OK\n' "$name"
    else
      failed=1
      printf '  %-14s %s\n' "$name" "$(say "ОШИБКА" "ERROR")"
      cat "$MADE/check $name.log"
    fi
  done
  return "$failed"
}

command=${1:-help}
if [ $# -gt 0 ]; then shift; fi
case "$command" in
  start) start "$@" ;;
  stop) stop "$@" ;;
  restart)
    stop
    start "$@"
    ;;
  status) ask status "$@" ;;
  logs) ask logs "$@" ;;
  test) run_tests "$@" ;;
  check) run_checks ;;
  help | -h | --help) menu ;;
  *)
    menu
    exit 2
    ;;
esac
