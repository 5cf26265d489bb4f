// The program does what sandbox/preloaded/launcher.py does, whose comments say why. Its arguments are
// the path of Python, the path of that file, and the arguments of that file. A start takes 3 ms of CPU,
// 11 in Python, and an engine run has five of them.
package main

import (
	"bytes"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"unsafe"
)

const (
	socket      = "preloaded.sock"
	accepted    = '+'
	lookSeconds = 2
)

func main() {
	python, launcher, home, module := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	arguments := os.Args[5:]
	engine := os.Getppid()
	var deadly []syscall.Signal // those that a shell did not let this process ignore
	for _, number := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		if !signal.Ignored(number) {
			deadly = append(deadly, number)
		}
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	connection, err := served(home, python, launcher, module, arguments)
	if err != nil || nextByte(connection, engine) != accepted {
		start(python, module, arguments, signals, deadly)
	}
	go func() {
		for sent := range signals {
			// If the program has ended, nothing is left to do.
			_, _ = syscall.Write(connection, []byte{byte(sent.(syscall.Signal))})
		}
	}()
	code := nextByte(connection, engine)
	if code < 0 {
		code = 1
	}
	os.Exit(code)
}

// start runs the program in place of this process, with the signals that it got meanwhile.
//
// A signal that arrives from now on has its default effect at once: Go's handler loses one that it
// receives while another thread replaces the process. Unlike signal.Reset, signal.Stop waits for those
// that have arrived.
func start(python, module string, arguments []string, signals chan os.Signal, deadly []syscall.Signal) {
	for _, number := range deadly {
		setDefault(number)
	}
	signal.Stop(signals)
	select {
	case sent := <-signals:
		_ = syscall.Kill(os.Getpid(), sent.(syscall.Signal))
	default:
	}
	command := append([]string{python, "-P", "-m", module}, arguments...)
	err := syscall.Exec(python, command, os.Environ())
	os.Stderr.WriteString(python + ": " + err.Error() + "\n")
	os.Exit(126)
}

// setDefault lets a signal have its default effect. A kernel's structure of zeros says so, and Go has
// no other call for it: its handler stays for signals that a program asked for once.
func setDefault(number syscall.Signal) {
	var action [4]uintptr
	_, _, _ = syscall.RawSyscall6(
		syscall.SYS_RT_SIGACTION, uintptr(number), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0,
	)
}

// served returns a connection on which the server has the request and the standard streams.
func served(home, python, launcher, module string, arguments []string) (int, error) {
	folder, err := syscall.Getwd()
	if err != nil {
		return 0, err
	}
	connection, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	// A socket's path may have about 100 bytes, its name in the working directory has few.
	if err := syscall.Chdir(home); err != nil {
		return 0, err
	}
	err = syscall.Connect(connection, &syscall.SockaddrUnix{Name: socket})
	if back := syscall.Chdir(folder); back != nil {
		return 0, back
	}
	if err != nil {
		return 0, err
	}
	wait := syscall.Timeval{Sec: lookSeconds}
	if err := syscall.SetsockoptTimeval(connection, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &wait); err != nil {
		return 0, err
	}
	return connection, send(connection, request(python, launcher, module, folder, arguments))
}

// request has its parts between null bytes, which none of them can have.
func request(python, launcher, module, folder string, arguments []string) []byte {
	var text bytes.Buffer
	parts := []string{python, launcher, module, folder, strconv.Itoa(len(arguments))}
	for _, part := range append(append(parts, arguments...), os.Environ()...) {
		text.WriteString(part)
		text.WriteByte(0)
	}
	return text.Bytes()
}

func send(connection int, text []byte) error {
	size := len(text)
	head := []byte{byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}
	if err := syscall.Sendmsg(connection, head, syscall.UnixRights(0, 1, 2), nil, 0); err != nil {
		return err
	}
	for len(text) > 0 {
		sent, err := syscall.Write(connection, text)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		text = text[sent:]
	}
	return nil
}

// nextByte returns the server's next byte; -1 at the end of the connection.
func nextByte(connection, engine int) int {
	read := []byte{0}
	for {
		count, err := syscall.Read(connection, read)
		switch {
		case count == 1:
			return int(read[0])
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			if os.Getppid() != engine { // an engine that is killed cannot end its plugins
				os.Exit(0)
			}
		default:
			return -1
		}
	}
}
