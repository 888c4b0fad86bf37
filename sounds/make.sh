#!/bin/sh
# Makes every sound of this folder again: prompts with espeak-ng from each LANGUAGE/prompts.tsv, music with sox alone.
# Needs espeak-ng and sox; neither is needed to build or run Cordboard, because the results are committed.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One prompt: synthetic voice at its own rate, silence cut at both ends, a telephone's band and level.
# Kept as µ-law, half the size: no phone would hear the other half.
# -D switches dither off, so that the same text always gives the same bytes.
speak() { # voice name text target
    espeak-ng -v "$1" -s 150 -g 4 -w "$work/$2.wav" -- "$3"
    sox -D "$work/$2.wav" -r 8000 -c 1 -e mu-law "$4" \
        highpass 150 silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse pad 0.05 0.1 gain -n -4
}

tab=$(printf '\t')
language() { # folder voice
    while IFS="$tab" read -r name text; do
        [ -n "$name" ] || continue
        speak "$2" "$name" "$text" "$1/$name.wav"
    done < "$1/prompts.tsv"
}
language en en-us
language de de

# One bar of three seconds: a soft chord underneath, and the same chord plucked one string after the other.
bar() { # number bass low middle high
    sox -V1 -D -r 8000 -c 4 -n -b 16 "$work/pad$1.wav" \
        synth 3 sine "$2" sine "$3" sine "$4" sine "$5" remix 1-4 fade t 0.6 3 0.8 gain -n -20
    at=0
    set -- "$1" "$2" "$4" "$5" "$3" "$5" "$4"
    number=$1
    shift
    plucks=""
    for note in "$@"; do
        sox -V1 -D -R -r 48000 -c 1 -n -b 16 "$work/pluck$number-$at.wav" \
            synth 1.5 pluck "$note" fade t 0 1.5 0.9 rate 8000 gain -n -13 pad "$(echo "$at * 0.5" | bc)" 3 trim 0 3
        plucks="$plucks $work/pluck$number-$at.wav"
        at=$((at + 1))
    done
    # shellcheck disable=SC2086 -- the list of files is meant to fall apart into words
    sox -D -m -v 1 "$work/pad$number.wav" $plucks -b 16 "$work/bar$number.wav"
}

bar 1 C3 E4 G4 C5
bar 2 A2 E4 A4 C5
bar 3 F2 F4 A4 C5
bar 4 G2 D4 G4 B4
bar 5 E3 E4 G4 B4
bar 6 A2 E4 A4 E5
bar 7 D3 F4 A4 D5
bar 8 G2 F4 G4 B4

# The loop is laid twice and the second pass kept, so that the reverberation of the end is in the beginning.
sox -D "$work"/bar[1-8].wav "$work/once.wav"
sox -D "$work/once.wav" "$work/once.wav" -b 16 en/music.wav \
    lowpass 2600 reverb 35 remix 1 trim 24 24 gain -n -9
