package cli_test

import (
	"testing"

	"github.com/certdesk/certdesk/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
