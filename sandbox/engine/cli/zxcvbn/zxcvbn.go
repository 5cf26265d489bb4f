// Package zxcvbn rates a value in another process, which has the module of this name (see ../strength).
//
// That module reads all of its word lists when a process starts: 36 to 60 ms of CPU time and 18 MB in
// each command of the CLI, of which `pulumi config set` and `pulumi env set` alone rate a value. This
// package has only what those two use.
package zxcvbn

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// program is beside the CLI.
const program = "pulumi-value-strength"

// Strength is the part of a rating that the CLI reads.
type Strength struct {
	// Entropy is in bits.
	Entropy float64
}

// PasswordStrength rates a value, which the other process gets on its standard input.
//
// A value that cannot be rated may be a secret: its entropy is infinite, so that the CLI asks for
// --secret or --plaintext. The second argument, words that the user has entered, is nil in the CLI.
func PasswordStrength(value string, _ []string) Strength {
	entropy, err := rated(value)
	if err != nil {
		fmt.Fprintf(os.Stderr, "warning: the value cannot be rated: %v\n", err)
		return Strength{Entropy: math.Inf(1)}
	}
	return Strength{Entropy: entropy}
}

func rated(value string) (float64, error) {
	own, err := os.Executable()
	if err != nil {
		return 0, err
	}
	command := exec.Command(filepath.Join(filepath.Dir(own), program))
	command.Stdin = strings.NewReader(value)
	answer, err := command.Output()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(string(answer)), 64)
}
