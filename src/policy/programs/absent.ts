type Absence = readonly [reason: string, instead: string];

const shells: Absence = ['it runs any program', 'the programs themselves, one by one'];
const runners: Absence = ['it runs another program', 'the command without it; timeout_s bounds a call'];
const otherUser: Absence = ['nothing is run as another user', 'the command without it'];
const writers: Absence = ['it changes files', 'a command that only looks, such as `ls -la` or `stat FILE`'];
const admins: Absence = ['it changes the machine', 'a command that only looks, such as `id` or `uptime`'];
const pagers: Absence = ['it waits for a person', '`cat FILE`, `head -100 FILE` or `tail -100 FILE`'];
const endless: Absence = ['it never ends', 'one look now: `ps aux --sort=-%cpu | head -20`, `uptime`'];
const network: Absence = [
  'nothing is sent to other machines',
  'what this machine knows: `ss -tn`, `ip route`',
];
const languages: Absence = [
  'its language writes files and runs programs',
  '`grep -o PATTERN FILE`, cut, sort, uniq',
];
const servers: Absence = [
  'it talks to a server, which may change',
  '`journalctl -u UNIT -n 100`, `ss -tlnp`',
];
const firewalls: Absence = ['it can change the firewall', '`cat /proc/net/ip_tables_names`, `ss -tlnp`'];
const archives: Absence = ['it writes files and runs programs', '`ls -l FILE`, `file FILE`, `zcat FILE.gz`'];
const signals: Absence = ['it stops programs', '`pgrep -a NAME`, `ps -p 1234`'];
const scripting: Absence = [
  'it runs any program',
  'a command of the policy, such as `cat FILE` or `jq . FILE`',
];
const services: Absence = [
  'it runs scripts that change services',
  '`systemctl status UNIT`, `systemctl list-units`',
];
const memory: Absence = [
  'it is not in the policy',
  '`free -m`, `uptime`, `cat /proc/vmstat`, `cat /proc/diskstats`',
];
const disks: Absence = ['it opens devices', '`lsblk -f`, `findmnt`, `df -h`, `cat /proc/partitions`'];
const volumes: Absence = ['it opens devices and takes locks', '`lsblk`, `findmnt`, `df -h`'];
const decompressors: Absence = ['it is not in the policy', '`zcat FILE.gz`'];
const packagers: Absence = [
  'it writes caches and can change packages',
  '`dpkg -l`, `apt-cache policy PACKAGE`',
];
const lookups: Absence = ['it is not in the policy', '`find /usr/bin /usr/sbin -name NAME`, `dpkg -S NAME`'];
const sessionState: Absence = ['each call is a shell of its own, without a state', 'the command by itself'];

/** What is said of programs that people do ask for; whatever else is no program of the policy is refused as well. */
const sayings: readonly (readonly [names: string, absence: Absence])[] = [
  ['cd pushd popd', ['a call has one working directory', 'the argument cwd of this call; or absolute paths']],
  ['pwd', ['a call has the working directory that it asked for', 'the argument cwd; `realpath .`']],
  ['sudo su doas runuser pkexec', otherUser],
  ['sh bash dash zsh ksh fish busybox eval exec source .', shells],
  [
    'nohup nice ionice timeout setsid stdbuf script screen tmux flock chroot unshare nsenter strace ltrace',
    runners,
  ],
  ['env', ['it prints secrets and runs any program', '`printenv PATH`, one variable by its name']],
  ['set export declare unset alias', sessionState],
  ['history', ['it is the memory of an interactive shell', '`last`, `who`, or journalctl']],
  ['exit return', ['a call ends by itself', 'the commands without it; && and || choose']],
  ['sleep wait', ['it only waits', 'the command now, and again in another call']],
  ['command builtin type which whereis', lookups],
  ['locate mlocate plocate', ['it is not in the policy', '`find / -xdev -name PATTERN`']],
  ['xargs parallel', ['it runs any program', 'a pattern such as /var/log/*.log; `grep -r TEXT DIRECTORY`']],
  ['awk gawk mawk nawk', languages],
  ['perl python python2 python3 ruby node php lua tclsh', scripting],
  ['rm rmdir mv cp tee touch mkdir ln chmod chown chgrp dd truncate install shred mkfs patch', writers],
  ['tar unzip zip cpio 7z ar', archives],
  ['gzip gunzip bzcat bzip2 xzcat xz zstdcat zstd zless zmore', decompressors],
  ['less more most man info vi vim view nano emacs ed', pagers],
  ['top htop atop btop iftop nethogs slabtop watch yes', endless],
  ['iotop iostat vmstat mpstat sar dstat pidstat', memory],
  ['groups', ['it is not in the policy', '`id`, `id -Gn`']],
  ['arch', ['it is not in the policy', '`uname -m`']],
  ['runlevel', ['it is not in the policy', '`who -r`, `systemctl is-system-running`']],
  ['ulimit', ['it is not in the policy', '`cat /proc/self/limits`']],
  ['pidof', ['it is not in the policy', '`pgrep -a NAME`']],
  ['pstree pmap pwdx', ['it is not in the policy', '`ps -ef`, `cat /proc/1234/status`']],
  ['fuser', ['it can stop programs', '`lsof FILE`']],
  [
    'paste join comm fold fmt rev seq iconv',
    ['it is not in the policy', '`cut -c1-80 FILE`, tr, sort, uniq, diff'],
  ],
  ['getfacl getcap lsattr', ['it is not in the policy', '`ls -l FILE`, `stat FILE`']],
  [
    'getenforce sestatus aa-status',
    [
      'it is not in the policy',
      '`cat /sys/fs/selinux/enforce`, `cat /sys/module/apparmor/parameters/enabled`',
    ],
  ],
  [
    'auditctl ausearch aureport',
    ['it is not in the policy', '`grep denied /var/log/audit/audit.log`, `journalctl -k -n 100`'],
  ],
  ['chronyc ntpq ntpstat hwclock', ['it can change the clock', '`date`, `journalctl -u chrony -n 20`']],
  ['nmcli ethtool bridge brctl tc wg', ['it can change devices', '`ip address`, `ip -s link`, `ip route`']],
  ['sshd', ['it starts a server', '`cat /etc/ssh/sshd_config`']],
  ['mailq postqueue exim', ['it talks to a server', '`journalctl -u postfix -n 100`']],
  ['supervisorctl pm2', ['it talks to a server, which may change', '`ps -ef`']],
  ['sensors ipmitool nvidia-smi', ['it is not in the policy', '`cat /sys/class/thermal/thermal_zone0/temp`']],
  ['lsns lsipc lsmem ipcs', ['it is not in the policy', '`cat /proc/meminfo`, `cat /proc/sysvipc/shm`']],
  ['w users', ['it is not in the policy', '`who`, `uptime`']],
  ['lastlog lastb', ['it is not in the policy', '`last -n 20`']],
  ['egrep', ['it is not the same on all systems', '`grep -E PATTERN FILE`']],
  ['fgrep', ['it is not the same on all systems', '`grep -F TEXT FILE`']],
  ['md5 sha1sum sha512sum b2sum cksum', ['it is not in the policy', '`sha256sum FILE`, `md5sum FILE`']],
  ['hd', ['it is not in the policy', '`hexdump -C FILE`, `xxd FILE`']],
  ['ifconfig', ['it can change devices', '`ip address`, `ip -s link`']],
  ['route', ['it can change routes', '`ip route`']],
  ['arp', ['it can change the table', '`ip neigh`']],
  ['netstat', ['it is not in the policy', '`ss -tlnp`, `ss -s`, `ip route`']],
  ['curl wget http ping ping6 traceroute tracepath mtr nc ncat netcat socat telnet ftp nmap', network],
  ['ssh scp sftp rsync', ['nothing is sent to other machines', 'a call that names the other host in hosts']],
  ['dig nslookup host drill', ['it asks name servers', '`cat /etc/hosts`, `cat /etc/resolv.conf`']],
  ['resolvectl', ['it asks name servers', '`cat /etc/resolv.conf`']],
  ['tcpdump tshark', ['it never ends, and opens the network', '`ss -tunap`, `ip -s link`']],
  ['iptables ip6tables iptables-save nft ufw firewall-cmd ipset conntrack ipvsadm', firewalls],
  ['kill killall pkill renice', signals],
  [
    'crontab',
    ['it changes the table of jobs', '`cat /etc/crontab`, `ls -l /etc/cron.d`, `systemctl list-timers`'],
  ],
  ['at atq batch', ['it makes jobs', '`systemctl list-timers`']],
  ['service chkconfig rc-service rc-update initctl', services],
  ['hostnamectl', ['it can change the name', '`hostname`, `cat /etc/os-release`, `uname -a`']],
  ['timedatectl', ['it can change the clock', '`date`, `cat /etc/timezone`']],
  ['loginctl', ['it can end sessions', '`who`, `last -n 20`']],
  ['localectl', ['it can change settings', '`cat /etc/default/locale`']],
  ['sysctl', ['it can change the kernel', '`cat /proc/sys/vm/swappiness`, so with every name']],
  ['dmesg', ['it can clear the messages', '`journalctl -k -n 100`']],
  ['lscpu', ['it is not in the policy', '`cat /proc/cpuinfo`, `nproc`']],
  ['lsmod modprobe insmod rmmod modinfo', ['it is not in the policy', '`cat /proc/modules`']],
  ['lspci lsusb lshw dmidecode hwinfo', ['it is not in the policy', '`ls /sys/bus/pci/devices`, `lsblk`']],
  ['fdisk sfdisk parted blkid smartctl hdparm tune2fs dumpe2fs', disks],
  ['mdadm', ['it can change arrays', '`cat /proc/mdstat`, `lsblk`']],
  ['lvs vgs pvs lvdisplay vgdisplay pvdisplay btrfs', volumes],
  ['umount swapon swapoff', ['it changes what is mounted', '`findmnt`, `cat /proc/swaps`']],
  ['reboot shutdown poweroff halt init', ['it stops the machine', '`uptime`, `last -n 20`']],
  ['chage faillog useradd usermod userdel adduser groupadd passwd chpasswd visudo', admins],
  ['logger wall write', ['it writes', '`journalctl -n 100`']],
  ['git svn hg', ['its options and settings run programs and write files', '`cat .git/HEAD`, `ls`']],
  ['kubectl helm crictl', ['it talks to a cluster', '`systemctl status kubelet`, `ps aux`']],
  ['podman nerdctl', ['it is not in the policy', '`docker ps`, where docker is']],
  [
    'docker-compose',
    ['it reads the project file and runs plugins', '`docker compose ls`, `docker compose -p project ps`'],
  ],
  ['psql mysql mariadb sqlite3 mongo mongosh redis-cli', servers],
  [
    'nginx apache2 httpd apachectl haproxy',
    ['it can change or start a server', '`cat /etc/nginx/nginx.conf`, `systemctl status nginx`'],
  ],
  ['openssl', ['it writes files and talks to servers', '`ls -l FILE`, `cat FILE`']],
  ['rpm', ['it writes its database, and its macros run programs', '`cat /etc/os-release`']],
  ['yum dnf zypper apk pacman snap flatpak apt apt-get aptitude pip pip3 npm gem', packagers],
];

/** Why a well-known program is not there, and what does the job; a full command stands in backticks. */
export const absent: ReadonlyMap<string, Absence> = new Map(
  sayings.flatMap(([names, absence]) => names.split(' ').map((name) => [name, absence] as const)),
);
