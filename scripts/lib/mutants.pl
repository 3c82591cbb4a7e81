#!/usr/bin/perl
# What scripts/mutants does with text: keeps the scratch copy like the checkout, reads knock-outs,
# applies them, and thinks up mutants of its own. Core modules only, of those that perl-base brings.
#   mutants.pl sync FROM TO PATH...        make TO/PATH what FROM/PATH is, touching what differs only
#   mutants.pl field NAME MUTANT           a field of a .mutant file
#   mutants.pl check ROOT MUTANT...        does every snippet occur exactly once?
#   mutants.pl apply ROOT MUTANT           put the replacement in the snippet's place
#   mutants.pl generate ROOT SEED          all generated mutants, shuffled: id, file, line, kind, old, new
#   mutants.pl mutate FROM TO BEFORE FILE NUMBER NEW
#                                          one line of FILE is NEW, BEFORE is whole again
#   mutants.pl todo ALL LIST COUNT         which are to be tried until COUNT have a verdict
#   mutants.pl forget LIST                 survivors lose their verdict
#   mutants.pl report ALL LIST ARGUED COUNT SEED
#                                          the survivors and the share; LIST in order
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
        } elsif ($line =~ /^(breaks|oracle|simulated|file|what|survives): +(\S.*)$/) {
            $mutant{$1} = $2;
        } elsif ($line !~ /^\s*(?:#.*)?$/) {
            die "$path:$number: neither a field nor a line of the change: $line\n";
        }
    }
    for my $field (qw(file what)) {
        die "$path: no '$field:'\n" unless defined $mutant{$field};
    }
    die "$path: none of 'breaks:', 'oracle:' and 'simulated:'\n"
        unless grep { defined $mutant{$_} } qw(breaks oracle simulated);
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

# FNV-1a of 64 bits, and a last stir, so that neighbours are far apart.
sub hash_of {
    my ($text) = @_;
    use integer;
    my $hash = -3750763034362895579;
    $hash = ($hash ^ $_) * 1099511628211 for unpack 'C*', $text;
    $hash = ($hash ^ ($hash >> 33 & 0x7fffffff)) * -49064778989728563;
    $hash = ($hash ^ ($hash >> 33 & 0x7fffffff)) * -4265267296055464877;
    return sprintf '%016x', $hash ^ ($hash >> 33 & 0x7fffffff);
}

# A mutant's id is made of its text, and its place in the order of that and the seed: when other lines
# of the stack change, both stay.
sub generate {
    my ($root, $seed) = @_;
    my (%times, %rows);
    for my $file (files_below($root, 'stack')) {
        next unless $file =~ /\.[ch]$/;
        # Tests are not the stack, an assertion's text is not its behaviour, names are only shown.
        next if $file =~ m{^stack/(?:tests/|base/assert)};
        for my $mutant (mutants_of_file($root, $file)) {
            my (undef, undef, $kind, $old, $new) = split /\t/, $mutant;
            my $text = join "\t", $file, $kind, $old, $new;
            my $id = substr hash_of($text . "\t" . $times{$text}++), 0, 10;
            $rows{ hash_of("$seed $id") } = "$id\t$mutant";
        }
    }
    print "$rows{$_}\n" for sort keys %rows;
}

# Makes TO/FILE what FROM/FILE is but for one line, and BEFORE, which was broken last, whole again.
sub mutate {
    my ($from, $to, $before, $file, $number, $new) = @_;
    write_file("$to/$before", read_file("$from/$before")) if $before ne '' && $before ne $file;
    my @lines = split /\n/, read_file("$from/$file"), -1;
    $lines[$number - 1] = $new;
    write_file("$to/$file", join "\n", @lines);
}

sub rows_of {
    my ($path) = @_;
    return () unless -e $path;
    return map { [split /\t/, $_, -1] } grep { !/^(?:#|id\t|$)/ } split /\n/, read_file($path);
}

# id => verdict, first: rows of a list, the later one of two.
sub verdicts_of {
    my ($list) = @_;
    return map { $_->[0] => [@$_[3, 4]] } rows_of($list);
}

sub counts {
    my ($verdict) = @_;
    return $verdict ne 'unbuilt' && $verdict ne 'equal';
}

# Of all mutants, those that are still to be tried so that COUNT have a verdict that counts. File by
# file, headers last: what was compiled for one serves the next.
sub todo {
    my ($all, $list, $count) = @_;
    my %known = verdicts_of($list);
    my @open;
    for my $mutant (rows_of($all)) {
        last if $count == 0;
        my $known = $known{ $mutant->[0] };
        push @open, $mutant unless defined $known;
        $count-- if !defined $known || counts($known->[0]);
    }
    my $rank = sub { ($_[0][1] =~ /\.h$/ ? 1 : 0) . $_[0][1] };
    print join("\t", @$_), "\n" for sort { $rank->($a) cmp $rank->($b) } @open;
}

# Forgets the verdict of those that survived.
sub forget {
    my ($list) = @_;
    return unless -e $list;
    write_file($list, join '', map { join("\t", @$_) . "\n" } grep { $_->[3] ne 'survived' }
        rows_of($list));
}

sub trimmed {
    my ($text) = @_;
    $text =~ s/^\s+|\s+$//g;
    return $text;
}

# Puts the list in order, prints the survivors and the share that was noticed.
sub report {
    my ($all, $list, $equivalents, $count, $seed) = @_;
    my %known = verdicts_of($list);
    my %argued = map { $_->[0] => 1 } rows_of($equivalents);
    my ($seen, $noticed, $argued, $unbuilt, $equal, @rows) = (0, 0, 0, 0, 0);
    for my $mutant (rows_of($all)) {
        my ($id, $file, $number, $kind, $old, $new) = @$mutant;
        last if $seen == $count || !defined $known{$id};
        my ($verdict, $first) = @{ $known{$id} };
        push @rows, [$id, "$file:$number", $kind, $verdict, $first, trimmed($old), trimmed($new)];
        $unbuilt++ if $verdict eq 'unbuilt';
        $equal++ if $verdict eq 'equal';
        next unless counts($verdict);
        $seen++;
        $noticed++ if $verdict eq 'noticed';
        next if $verdict eq 'noticed';
        my $is_argued = $argued{$id} ? 1 : 0;
        $argued += $is_argued;
        printf "%s %s:%s: survived%s: %s\n    was %s\n    now %s\n", $id, $file, $number,
            $is_argued ? ' (argued: equivalent)' : '', $kind, trimmed($old), trimmed($new);
    }
    my $sum = sprintf 'seed %s: %d of %d generated mutants noticed (%.1f %%), %d survivors argued'
        . ' to be equivalent, %d not; besides, %d did not build and %d changed nothing in the library',
        $seed, $noticed, $seen, $seen == 0 ? 0 : 100 * $noticed / $seen, $argued,
        $seen - $noticed - $argued, $unbuilt, $equal;
    print "$sum\n";
    write_file($list, join '', "# $sum\nid\tplace\tkind\tverdict\tfirst\twas\tnow\n",
        map { join("\t", @$_) . "\n" } @rows);
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
} elsif ($command eq 'mutate') {
    mutate(@arguments);
} elsif ($command eq 'todo') {
    todo(@arguments);
} elsif ($command eq 'forget') {
    forget(@arguments);
} elsif ($command eq 'report') {
    report(@arguments);
} else {
    die "mutants.pl: what is '$command'?\n";
}
