package vault

// The outer structure of JPEG and PNG files: whether a JPEG is progressive, which side is up, and where
// the picture ends.

import (
	"bytes"
	"encoding/binary"
)

// JPEG markers that matter here.
const (
	markSOF0, markSOF15 = 0xC0, 0xCF
	markDHT, markJPG    = 0xC4, 0xC8
	markDAC, markSOF2   = 0xCC, 0xC2
	markEOI, markSOS    = 0xD9, 0xDA
	markRST0, markRST7  = 0xD0, 0xD7
	markTEM, markAPP1   = 0x01, 0xE1
)

// walkJPEG goes from marker to marker. What does not follow the rules ends the walk, and the picture
// then has no end.
func walkJPEG(data []byte) frame {
	f := frame{orientation: 1}
	for at := 2; at+1 < len(data); {
		if data[at] != 0xFF {
			return f
		}
		mark := data[at+1]
		switch {
		case mark == 0xFF: // fill byte
			at++
			continue
		case mark == markEOI:
			f.end = at + 2
			return f
		case mark == markTEM || mark == 0xD8 || mark >= markRST0 && mark <= markRST7:
			at += 2
			continue
		}
		if at+4 > len(data) {
			return f
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			return f
		}
		body := data[at+4 : at+2+size]
		at += 2 + size
		switch {
		case mark == markAPP1 && f.orientation == 1:
			if exif, is := bytes.CutPrefix(body, []byte("Exif\x00\x00")); is {
				f.orientation = orientation(exif)
			}
		case mark >= markSOF0 && mark <= markSOF15 && mark != markDHT && mark != markJPG && mark != markDAC:
			f.progressive = f.progressive || mark == markSOF2
		case mark == markSOS:
			f.scans++
			at = afterScan(data, at)
		}
	}
	return f
}

// afterScan skips compressed data to the next marker that is not part of it.
func afterScan(data []byte, at int) int {
	for at+1 < len(data) {
		next := bytes.IndexByte(data[at:len(data)-1], 0xFF)
		if next < 0 {
			return len(data)
		}
		at += next
		if m := data[at+1]; m != 0 && m != 0xFF && (m < markRST0 || m > markRST7) {
			return at
		}
		if data[at+1] == 0xFF {
			at++
		} else {
			at += 2
		}
	}
	return len(data)
}

// walkPNG goes from chunk to chunk.
func walkPNG(data []byte) frame {
	f := frame{orientation: 1}
	for at := 8; at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		if size > int64(len(data)-at-12) {
			return f
		}
		next := at + 12 + int(size)
		switch string(data[at+4 : at+8]) {
		case "eXIf":
			f.orientation = orientation(data[at+8 : next-4])
		case "IEND":
			f.end = next
			return f
		}
		at = next
	}
	return f
}

// orientation reads the one EXIF field that changes how a picture looks; 1 if it is missing or nonsense.
func orientation(tiff []byte) int {
	const tag, short = 0x0112, 3
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(tiff, []byte("II*\x00")):
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
