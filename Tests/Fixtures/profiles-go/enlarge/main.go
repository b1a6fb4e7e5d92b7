// Makes a large profile of a small one by repeating its samples; the tables they refer to stay as they are.
//
//	enlarge IN COPIES OUT [--gzip]
//
// A profile is a sequence of fields, so a sample can be repeated by repeating its bytes. Readers have to add equal
// samples up, which makes this as much work as that many different ones.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"strconv"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	data, err := os.ReadFile(os.Args[1])
	check(err)
	copies, err := strconv.Atoi(os.Args[2])
	check(err)
	if len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b {
		reader, err := gzip.NewReader(bytes.NewReader(data))
		check(err)
		data, err = io.ReadAll(reader)
		check(err)
	}
	var samples, rest []byte
	for len(data) > 0 {
		tag, width := binary.Uvarint(data)
		length := width
		switch tag & 7 {
		case 0:
			_, more := binary.Uvarint(data[width:])
			length += more
		case 2:
			size, more := binary.Uvarint(data[width:])
			length += more + int(size)
		default:
			panic("no such field in a profile")
		}
		if tag>>3 == 2 {
			samples = append(samples, data[:length]...)
		} else {
			rest = append(rest, data[:length]...)
		}
		data = data[length:]
	}
	output, err := os.Create(os.Args[3])
	check(err)
	var writer io.WriteCloser = output
	if len(os.Args) > 4 {
		writer, err = gzip.NewWriterLevel(output, gzip.BestSpeed)
		check(err)
	}
	_, err = writer.Write(rest)
	check(err)
	for ; copies > 0; copies-- {
		_, err = writer.Write(samples)
		check(err)
	}
	check(writer.Close())
}
