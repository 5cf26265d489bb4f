// Package zxcvbn is the same as its maintained fork, under its former path.
package zxcvbn

import "github.com/ccojocar/zxcvbn-go"

// PasswordStrength rates a value as the fork does.
func PasswordStrength(value string, words []string) zxcvbn.Strength {
	return zxcvbn.PasswordStrength(value, words)
}
