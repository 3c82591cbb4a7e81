#!/usr/bin/perl
# What scripts/mutants does with text: keeps the scratch copy like the checkout, reads knock-outs,
# applies them, and thinks up mutants of its own. Core modules only, of those that perl-base brings.
#   mutants.pl sync FROM TO PATH...        make TO/PATH what FROM/PATH is, touching what differs only
#   mutants.pl field NAME MUTANT           a field of a .mutant file
#   mutants.pl check ROOT MUTANT...        does every snippet occur exactly once?
#   mutants.pl apply ROOT MUTANT           put the replacement in the snippet's place
#   mutants.pl generate ROOT SEED          all generated mutants, shuffled: file, line, kind, old, new
#   mutants.pl line ROOT FILE NUMBER NEW   put NEW in the place of a line
use strict;
use warnings;
use File::Path qw(make_path);
use File::Basename qw(dirname);

sub read_file {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    local $/;
    my $text = <$in>;
    return defined $text ? $text : '';
}

sub write_file {
    my ($path, $text) = @_;
    make_path(dirname($path));
    open my $out, '>:raw', $path or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}

# All files below a path, sorted, relative to the root.
sub files_below {
    my ($root, $path) = @_;
    return ($path) if -f "$root/$path";
    opendir my $folder, "$root/$path" or return ();
    my @names = sort grep { !/^\.\.?$/ } readdir $folder;
    return map { files_below($root, "$path/$_") } @names;
}

sub sync {
    my ($from, $to, @paths) = @_;
    for my $path (@paths) {
        my %wanted = map { $_ => 1 } files_below($from, $path);
        for my $file (files_below($to, $path)) {
            unlink "$to/$file" unless $wanted{$file};
        }
        for my $file (sort keys %wanted) {
            my $text = read_file("$from/$file");
            next if -e "$to/$file" && read_file("$to/$file") eq $text;
            write_file("$to/$file", $text);
        }
    }
}

# ---- knock-outs: see corpus/mutants/README.md ----------------------------------------------------

sub parse_mutant {
    my ($path) = @_;
    my (%mutant, @old, @new);
    my $number = 0;
    for my $line (split /\n/, read_file($path)) {
        $number++;
        if ($line =~ /^-(?: (.*))?$/) {
            push @old, defined $1 ? $1 : '';
        } elsif ($line =~ /^\+(?: (.*))?$/) {
            push @new, defined $1 ? $1 : '';
        } elsif ($line =~ /^(breaks|file|what|survives): +(\S.*)$/) {
            $mutant{$1} = $2;
        } elsif ($line !~ /^\s*(?:#.*)?$/) {
            die "$path:$number: neither a field nor a line of the change: $line\n";
        }
    }
    for my $field (qw(breaks file what)) {
        die "$path: no '$field:'\n" unless defined $mutant{$field};
    }
    die "$path: no snippet ('- ' lines)\n" unless @old;
    die "$path: a change of more than ten lines\n" if @old > 10 || @new > 10;
    $mutant{old} = join "\n", @old;
    $mutant{new} = join "\n", @new;
    die "$path: changes nothing\n" if $mutant{old} eq $mutant{new};
    return \%mutant;
}

sub occurrences {
    my ($text, $snippet) = @_;
    my ($count, $at) = (0, 0);
    while (($at = index $text, $snippet, $at) >= 0) {
        $count++;
        $at++;
    }
    return $count;
}

sub check {
    my ($root, @paths) = @_;
    my $bad = 0;
    for my $path (@paths) {
        my $complaint = eval {
            my $mutant = parse_mutant($path);
            my $count = occurrences(read_file("$root/$mutant->{file}"), $mutant->{old});
            $count == 1 ? '' : "$path: its snippet occurs $count times in $mutant->{file}\n";
        };
        $complaint = $@ unless defined $complaint;
        print $complaint;
        $bad = 1 if $complaint ne '';
    }
    return $bad;
}

sub apply {
    my ($root, $path) = @_;
    my $mutant = parse_mutant($path);
    my $file = "$root/$mutant->{file}";
    my $text = read_file($file);
    my $count = occurrences($text, $mutant->{old});
    die "$path: its snippet occurs $count times in $mutant->{file}\n" if $count != 1;
    substr($text, index($text, $mutant->{old}), length $mutant->{old}) = $mutant->{new};
    write_file($file, $text);
}

# ---- generated mutants ---------------------------------------------------------------------------

# A file's lines with comments, strings and characters blanked out, so that what is left is code and
# every column stays where it was.
sub code_lines {
    my ($text) = @_;
    my $blank = sub { my $piece = shift; $piece =~ s/[^\n]/\x01/g; return $piece };
    $text =~ s{(/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')}{$blank->($1)}gse;
    return split /\n/, $text, -1;
}

my %relation = (
    '==' => '!=', '!=' => '==', '<' => '<=', '<=' => '<', '>' => '>=', '>=' => '>',
    tcp_seq_before => 'tcp_seq_at_or_before', tcp_seq_at_or_before => 'tcp_seq_before',
    tcp_seq_after => 'tcp_seq_at_or_after', tcp_seq_at_or_after => 'tcp_seq_after',
);

# Each of these gives [kind, column, length, replacement] for one line of code.
sub relational {
    my ($code) = @_;
    my @found;
    while ($code =~ /(?<= )(==|!=|<=|>=|<|>)(?= )|\b(tcp_seq_(?:at_or_)?(?:before|after))(?=\()/g) {
        my $token = defined $1 ? $1 : $2;
        push @found, ['relation', $-[0], length $token, $relation{$token}];
    }
    return @found;
}

sub constant {
    my ($code) = @_;
    my @found;
    while ($code =~ /(?<![\w.])(\d+|0x[0-9a-fA-F]+)([uUlL]*)(?![\w.])/g) {
        my ($digits, $suffix, $at, $length) = ($1, $2, $-[0], $+[0] - $-[0]);
        push @found, ['constant', $at, $length, "($digits$suffix + 1)"];
        push @found, ['constant', $at, $length, "($digits$suffix - 1)"] unless $digits =~ /^0(?:x0*)?$/;
    }
    return @found;
}

sub balanced {
    my ($text) = @_;
    my $depth = 0;
    for my $character ($text =~ /[()]/g) {
        $depth += $character eq '(' ? 1 : -1;
        return 0 if $depth < 0;
    }
    return $depth == 0;
}

sub negated {
    my ($code, $line) = @_;
    if ($code =~ /\b(?:if|while) \((.*)\) \{$/ && balanced($1)) {
        my ($at, $length) = ($-[1], $+[1] - $-[1]);
        return ['condition', $at, $length, '!(' . substr($line, $at, $length) . ')'];
    }
    if ($code =~ / = (.*) \? .* : .*;$/ && balanced($1)) {
        my ($at, $length) = ($-[1], $+[1] - $-[1]);
        return ['condition', $at, $length, '!(' . substr($line, $at, $length) . ')'];
    }
    return ();
}

# Statements that stand alone on their line; what is declared or returned is no candidate.
sub removed {
    my ($code, $line, $before) = @_;
    return () unless $code =~ /^( +)(\S.*;)[\s\x01]*$/ && balanced($2);
    my ($at, $length, $statement) = ($-[2], $+[2] - $-[2], $2);
    return () if $statement =~ /^(?:return|break|continue|goto|case|default|else|typedef|extern)\b/;
    return () unless $before =~ /[;{}:]$/ || $before eq '';
    return () unless $statement =~ /^[\w.\->\[\]()*]+(?:\+\+|--)?;$|^[^=]*\)[;]$|^[\w.\->\[\]*]+ \S?\S?= /
        || $statement =~ /^\w+\(/;
    return ['statement', $at, $length, ';'];
}

sub swapped {
    my ($code, $line) = @_;
    return () unless $code =~ /^ /;
    my @found;
    while ($code =~ /\b(\w+)\(([^(),]+), ([^(),]+)(?=[,)])/g) {
        my ($name, $first, $second) = ($1, $2, $3);
        next if $name =~ /^(?:if|while|for|switch|return|sizeof)$/ || $first eq $second;
        my ($at, $length) = ($-[2], $+[3] - $-[2]);
        my $text = substr $line, $at, $length;
        next if $text =~ /"/;
        push @found, ['arguments', $at, $length, "$second, $first"];
    }
    return @found;
}

sub mutants_of_file {
    my ($root, $file) = @_;
    my $text = read_file("$root/$file");
    my @lines = split /\n/, $text, -1;
    my @code = code_lines($text);
    my ($before, $skips, @mutants) = ('', 0);
    for my $i (0 .. $#lines) {
        my ($line, $code) = ($lines[$i], $code[$i]);
        # An assertion guards against our own bugs: without one nothing is to be noticed.
        $skips = 1 if $code =~ /^\s*#\s*(?:include|if|endif|undef)|\b(?:TCP_ASSERT|static_assert)\b/;
        if (!$skips) {
            for my $edit (relational($code), constant($code), negated($code, $line),
                          removed($code, $line, $before), swapped($code, $line)) {
                my ($kind, $at, $length, $new) = @$edit;
                my $changed = $line;
                substr($changed, $at, $length) = $new;
                push @mutants, join "\t", $file, $i + 1, $kind, $line, $changed;
            }
        }
        $skips = 0 if $code =~ /[;{}]\s*$/ || $code =~ /^\s*#/ || $code =~ /^[\s\x01]*$/;
        (my $bare = $code) =~ s/[\x01\s]+$//;
        $before = $bare if $bare ne '';
    }
    return @mutants;
}

sub generate {
    my ($root, $seed) = @_;
    my @mutants;
    for my $file (files_below($root, 'stack')) {
        next unless $file =~ /\.[ch]$/;
        # Tests are not the stack, an assertion's text is not its behaviour, names are only shown.
        next if $file =~ m{^stack/(?:tests/|base/assert)};
        push @mutants, mutants_of_file($root, $file);
    }
    srand $seed;
    for (my $i = $#mutants; $i > 0; $i--) {
        my $k = int rand($i + 1);
        @mutants[$i, $k] = @mutants[$k, $i];
    }
    print "$_\n" for @mutants;
}

sub replace_line {
    my ($root, $file, $number, $new) = @_;
    my @lines = split /\n/, read_file("$root/$file"), -1;
    $lines[$number - 1] = $new;
    write_file("$root/$file", join "\n", @lines);
}

my ($command, @arguments) = @ARGV;
if ($command eq 'sync') {
    sync(@arguments);
} elsif ($command eq 'field') {
    my $field = parse_mutant($arguments[1])->{ $arguments[0] };
    print defined $field ? $field : '', "\n";
} elsif ($command eq 'check') {
    exit check(@arguments);
} elsif ($command eq 'apply') {
    apply(@arguments);
} elsif ($command eq 'generate') {
    generate(@arguments);
} elsif ($command eq 'line') {
    replace_line(@arguments);
} else {
    die "mutants.pl: what is '$command'?\n";
}
