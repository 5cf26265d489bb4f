// The program rates a value for the CLI (see ../zxcvbn): it reads the value from its standard input
// and prints its entropy in bits.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strconv"

	"github.com/ccojocar/zxcvbn-go"
)

func main() {
	value, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	entropy := zxcvbn.PasswordStrength(string(value), nil).Entropy
	fmt.Println(strconv.FormatFloat(entropy, 'g', -1, 64))
}
