package specimen

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

var documents = map[string]func() []byte{
	"id-front": func() []byte {
		return IDFront("王秀英", "11010519491231002X", "女", "1949 年 12 月 31 日", "北京市朝阳区示范街道幸福里小区 12 号楼 3 单元 402 室")
	},
	"id-rare": func() []byte {
		return IDFront("李𫠝𬭎\U000323AF", "11010519491231002X", "男", "1949 年 12 月 31 日", "北京市")
	},
	"id-back": func() []byte { return IDBack("示范市公安局样本分局", "2016.05.11", "长期") },
	"household": func() []byte {
		return Household("王秀英", "户主", "女", "1949-12-31", "11010519491231002X", "北京市朝阳区示范街道幸福里小区 12 号楼 3 单元 402 室，样本地址")
	},
	"licence": func() []byte {
		return Licence("云杉里养老服务中心有限公司", "91350100M000100Y43", "有限责任公司", "王德福", "2015-03-02", "长期", "示范市云杉路 8 号")
	},
	"letter": func() []byte {
		return Letter("授权委托书", []string{"兹委托林晓代表本单位办理机构认证申请，提交材料、接收通知。", "委托期限：2026 年 11 月 1 日至 2027 年 10 月 31 日。", "云杉里养老服务中心（样本）"})
	},
	"photo":   func() []byte { return Photo("person-1", "4K7M") },
	"photo-2": func() []byte { return Photo("person-2", "4K7M") },
	"photo-3": func() []byte { return Photo("person-5", "") },
}

func TestDocumentsArePicturesOfThemselves(t *testing.T) {
	seen := map[string]string{}
	for name, f := range documents {
		b := f()
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(name, err)
		}
		if w := img.Bounds().Dx(); w != width {
			t.Errorf("%s is %d px wide", name, w)
		}
		if len(b) > 600_000 {
			t.Errorf("%s has %d bytes", name, len(b))
		}
		if !bytes.Equal(b, f()) {
			t.Errorf("%s: not the same bytes twice", name)
		}
		if was, ok := seen[string(b)]; ok {
			t.Errorf("%s and %s are the same picture", name, was)
		}
		seen[string(b)] = name
		if dir := os.Getenv("SPECIMEN_OUT"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".jpg"), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Whoever cuts a quarter out of a document still has part of the mark in it.
func TestMarkIsEverywhere(t *testing.T) {
	plain := newSheet(1000, 800, paper)
	marked := newSheet(1000, 800, paper)
	marked.mark()
	for y := 0; y < 800; y += 200 {
		for x := 0; x < 1000; x += 250 {
			r := image.Rect(x, y, x+250, y+200)
			if same(plain.RGBA, marked.RGBA, r) {
				t.Errorf("nothing at %v", r)
			}
		}
	}
}

func same(a, b *image.RGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				return false
			}
		}
	}
	return true
}
